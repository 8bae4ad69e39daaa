package io.llmspell.core.time;

import io.llmspell.core.concurrent.Handle;
import java.time.Duration;
import java.time.Instant;

/**
 * Tells the time and runs timers.
 *
 * <p>Durations and deadlines use {@link #nanos()}, which never goes back; {@link #now()} is for people and records
 * only. <b>Threads:</b> safe.
 */
public interface TimeSource {
    /**
     * A tick count with an arbitrary origin that never goes back.
     *
     * @return nanoseconds
     */
    long nanos();

    /**
     * The wall clock; it may step in either direction.
     *
     * @return the present instant
     */
    Instant now();

    /**
     * Runs a short task once after a delay, on a thread of the time source. The task must not block; what it throws
     * is logged.
     *
     * @param delay how long to wait; zero or less means as soon as possible
     * @param task what to run
     * @return a handle that cancels the task if it has not started
     */
    Handle schedule(Duration delay, Runnable task);
}
