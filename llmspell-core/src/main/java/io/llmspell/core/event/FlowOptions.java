package io.llmspell.core.event;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the queue of a subscription is bounded; what is null is taken from the settings of the bus.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param overflow what happens when the queue is full
 * @param bufferSize how many events the queue holds, 1 to 10,000,000
 * @param blockTimeout how long a publisher waits for room under {@link Overflow#BLOCK}, positive
 * @param highWaterMark how many events make the queue worth a warning, above the low mark and at most its size; with a
 *     size but no mark 80 % of it
 * @param lowWaterMark how few events make the queue recovered; with a size but no mark 20 % of it
 * @param notices whether the bus publishes {@code event.flow.*} events about the queue
 */
public record FlowOptions(
        @Nullable Overflow overflow,
        @Nullable Integer bufferSize,
        @Nullable Duration blockTimeout,
        @Nullable Integer highWaterMark,
        @Nullable Integer lowWaterMark,
        @Nullable Boolean notices) {
    /** Everything as the bus is set. */
    public static final FlowOptions UNSET = new FlowOptions(null, null, null, null, null, null);

    private static final int LARGEST = 10_000_000;

    /**
     * Checks the members.
     *
     * @param overflow what happens when the queue is full, or null
     * @param bufferSize how many events the queue holds, or null
     * @param blockTimeout how long a publisher waits, or null
     * @param highWaterMark when to warn, or null
     * @param lowWaterMark when the queue has recovered, or null
     * @param notices whether events tell of it, or null
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public FlowOptions {
        if (bufferSize != null && (bufferSize < 1 || bufferSize > LARGEST)) {
            throw new ArgumentException("buffer size", bufferSize.toString(), "between 1 and 10,000,000");
        }
        if (blockTimeout != null && (blockTimeout.isNegative() || blockTimeout.isZero())) {
            throw new ArgumentException("block timeout", blockTimeout.toString(), "positive");
        }
        int most = bufferSize == null ? LARGEST : bufferSize;
        if (highWaterMark != null && (highWaterMark < 1 || highWaterMark > most)) {
            throw new ArgumentException("high water mark", highWaterMark.toString(), "between 1 and " + most);
        }
        int below = highWaterMark == null ? most : highWaterMark;
        if (lowWaterMark != null && (lowWaterMark < 0 || lowWaterMark >= below)) {
            throw new ArgumentException(
                    "low water mark", lowWaterMark.toString(), "zero or more and below the high mark, " + below);
        }
    }
}
