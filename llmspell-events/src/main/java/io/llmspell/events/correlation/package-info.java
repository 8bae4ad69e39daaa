/**
 * Links between the events of a run: how they are found, kept in bounds, and shown as a timeline.
 * Not here: where events are kept ({@code io.llmspell.events.journal}) and how they travel ({@code io.llmspell.events}).
 * Start with {@link io.llmspell.events.correlation.CorrelationTracker} and
 * {@link io.llmspell.events.correlation.Timelines}.
 */
@NullMarked
package io.llmspell.events.correlation;

import org.jspecify.annotations.NullMarked;
