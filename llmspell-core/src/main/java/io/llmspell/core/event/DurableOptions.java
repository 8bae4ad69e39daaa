package io.llmspell.core.event;

import io.llmspell.core.error.ArgumentException;
import java.util.function.LongConsumer;

/**
 * How a durable subscription begins and what it tells.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name under which its place is kept, 1 to 128 characters; one subscription at a time may have it
 * @param afterPosition where it begins if no place is kept: with the event behind this position; 0 for the oldest
 * @param onGap hears, before the next event, how many positions retention removed unread; must be short
 */
public record DurableOptions(String name, long afterPosition, LongConsumer onGap) {
    private static final int LONGEST_NAME = 128;

    /**
     * Checks the name.
     *
     * @param name under which the place is kept
     * @param afterPosition where it begins
     * @param onGap hears of gaps
     * @throws ArgumentException {@code invalid_argument} if the name is empty or too long, or the position negative
     */
    public DurableOptions {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new ArgumentException("name of a durable subscription", name, "1 to 128 characters");
        }
        if (afterPosition < 0) {
            throw new ArgumentException("position", String.valueOf(afterPosition), "0 or more");
        }
    }

    /**
     * From the oldest event; gaps stand in the log and the counters only.
     *
     * @param name under which the place is kept
     * @return the options
     */
    public static DurableOptions named(String name) {
        return new DurableOptions(name, 0, missed -> {});
    }

    /**
     * A copy that begins elsewhere.
     *
     * @param position the last position that is not wanted
     * @return the copy
     */
    public DurableOptions from(long position) {
        return new DurableOptions(name, position, onGap);
    }

    /**
     * A copy that tells of gaps.
     *
     * @param listener hears how many positions were missed
     * @return the copy
     */
    public DurableOptions tellingGaps(LongConsumer listener) {
        return new DurableOptions(name, afterPosition, listener);
    }
}
