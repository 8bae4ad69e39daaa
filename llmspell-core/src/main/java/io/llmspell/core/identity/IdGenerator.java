package io.llmspell.core.identity;

import io.llmspell.core.time.TimeSource;
import java.util.UUID;

/**
 * Makes unique ids.
 *
 * <p><b>Threads:</b> safe.
 */
@FunctionalInterface
public interface IdGenerator {
    /**
     * The next id.
     *
     * @return a UUID that no other call returns
     */
    UUID next();

    /**
     * A generator of time-ordered ids (UUID version 7, RFC 9562), so that ids sort by the time they were made.
     *
     * @param time the clock
     * @return the generator
     */
    static IdGenerator timeOrdered(TimeSource time) {
        return new TimeOrderedIds(time);
    }
}
