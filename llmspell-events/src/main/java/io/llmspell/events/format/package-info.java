/**
 * The forms in which events leave the house and come back: JSON objects and CloudEvents.
 * Not here: where they are kept or sent.
 * Start with {@link io.llmspell.events.format.EventJson}.
 */
@NullMarked
package io.llmspell.events.format;

import org.jspecify.annotations.NullMarked;
