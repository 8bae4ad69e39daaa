/**
 * Waiting, stopping and releasing: handles, cancellation tokens and the one place where a thread may block.
 * Not here: clocks and timers, see {@code io.llmspell.core.time}.
 * Start with {@link io.llmspell.core.concurrent.Cancellation}.
 */
@NullMarked
package io.llmspell.core.concurrent;

import org.jspecify.annotations.NullMarked;
