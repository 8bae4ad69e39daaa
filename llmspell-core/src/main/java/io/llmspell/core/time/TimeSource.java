package io.llmspell.core.time;

import io.llmspell.core.concurrent.Ticker;
import java.time.Instant;

/**
 * Tells the time and runs timers.
 *
 * <p>Durations and deadlines use {@link #nanos()}, which never goes back; {@link #now()} is for people and records
 * only. <b>Threads:</b> safe.
 */
public interface TimeSource extends Ticker {
    /**
     * The wall clock; it may step in either direction.
     *
     * @return the present instant
     */
    Instant now();
}
