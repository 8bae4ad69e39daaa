/**
 * Clocks and timers: the only source of time in the house, so that every test can hold the clock.
 * Not here: waiting for results, see {@code io.llmspell.core.concurrent}.
 * Start with {@link io.llmspell.core.time.TimeSource}.
 */
@NullMarked
package io.llmspell.core.time;

import org.jspecify.annotations.NullMarked;
