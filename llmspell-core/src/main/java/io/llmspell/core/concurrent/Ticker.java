package io.llmspell.core.concurrent;

import java.time.Duration;

/**
 * Counts ticks and runs timers: the part of a {@link io.llmspell.core.time.TimeSource} that waiting needs.
 *
 * <p><b>Threads:</b> safe.
 */
public interface Ticker {
    /**
     * A tick count with an arbitrary origin that never goes back.
     *
     * @return nanoseconds
     */
    long nanos();

    /**
     * Runs a short task once after a delay, on a thread of the ticker. The task must not block; what it throws is
     * logged.
     *
     * @param delay how long to wait; zero or less means as soon as possible
     * @param task what to run
     * @return a handle that cancels the task if it has not started
     */
    Handle schedule(Duration delay, Runnable task);

    /**
     * Whether the present thread is the one that runs what was scheduled: it must not block, and what runs there is to be
     * quick and nothing foreign.
     *
     * @return false where a caller moves the time and runs what is due itself
     */
    default boolean isTimerThread() {
        return false;
    }
}
