/**
 * Meters and health: what the runtime counts and how it is.
 * Not here: the exporters.
 * Start with {@link io.llmspell.core.meter.Meters}.
 */
@NullMarked
package io.llmspell.core.meter;

import org.jspecify.annotations.NullMarked;
