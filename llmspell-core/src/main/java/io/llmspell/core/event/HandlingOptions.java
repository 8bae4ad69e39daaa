package io.llmspell.core.event;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the handler of a subscription is run; what is null is taken from the settings of the bus.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param concurrency how many events of the subscription are handled at once, 1 to 1,024; above 1 they may finish in
 *     another order
 * @param timeout how long an asynchronous handler may take for one event before it is interrupted and counted as
 *     failed; zero for no limit
 * @param quarantineAfter after how many failures in a row the subscription gets no more events until it is resumed; zero
 *     for never
 */
public record HandlingOptions(
        @Nullable Integer concurrency,
        @Nullable Duration timeout,
        @Nullable Integer quarantineAfter) {
    /** Everything as the bus is set. */
    public static final HandlingOptions UNSET = new HandlingOptions(null, null, null);

    private static final int MOST_AT_ONCE = 1024;

    /**
     * Checks the members.
     *
     * @param concurrency how many events at once, or null
     * @param timeout how long a handler may take, or null
     * @param quarantineAfter after how many failures in a row it gets no more, or null
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public HandlingOptions {
        if (concurrency != null && (concurrency < 1 || concurrency > MOST_AT_ONCE)) {
            throw new ArgumentException("concurrency", concurrency.toString(), "between 1 and " + MOST_AT_ONCE);
        }
        if (timeout != null && timeout.isNegative()) {
            throw new ArgumentException("handler timeout", timeout.toString(), "zero or more");
        }
        if (quarantineAfter != null && quarantineAfter < 0) {
            throw new ArgumentException("quarantine after", quarantineAfter.toString(), "zero or more failures");
        }
    }
}
