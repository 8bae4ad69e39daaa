package io.llmspell.core.event;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;

/**
 * How a subscription gets its events.
 *
 * <p><b>Threads:</b> immutable; the {@code with…} methods make copies.
 *
 * @param synchronous whether the handler runs on the publisher's thread; else it has a queue of its own
 * @param overflow what happens when the queue is full
 * @param bufferSize how many events the queue holds, 1 to 10,000,000
 * @param blockTimeout how long a publisher waits for room under {@link Overflow#BLOCK}, positive
 */
public record SubscribeOptions(boolean synchronous, Overflow overflow, int bufferSize, Duration blockTimeout) {
    /** A queue of 10,000 events of which the oldest go, served by another thread. */
    public static final SubscribeOptions DEFAULT =
            new SubscribeOptions(false, Overflow.DROP_OLDEST, 10_000, Duration.ofSeconds(5));

    /**
     * Checks the members.
     *
     * @param synchronous on the publisher's thread
     * @param overflow what happens when the queue is full
     * @param bufferSize how many events the queue holds
     * @param blockTimeout how long a publisher waits
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public SubscribeOptions {
        if (bufferSize < 1 || bufferSize > 10_000_000) {
            throw new ArgumentException("buffer size", String.valueOf(bufferSize), "between 1 and 10,000,000");
        }
        if (blockTimeout.isNegative() || blockTimeout.isZero()) {
            throw new ArgumentException("block timeout", blockTimeout.toString(), "positive");
        }
    }

    /**
     * A copy whose handler runs on the publisher's thread.
     *
     * @return the copy
     */
    public SubscribeOptions onPublisherThread() {
        return new SubscribeOptions(true, overflow, bufferSize, blockTimeout);
    }

    /**
     * A copy with another strategy.
     *
     * @param strategy what happens when the queue is full
     * @return the copy
     */
    public SubscribeOptions withOverflow(Overflow strategy) {
        return new SubscribeOptions(synchronous, strategy, bufferSize, blockTimeout);
    }

    /**
     * A copy with another queue size.
     *
     * @param events how many events the queue holds
     * @return the copy
     */
    public SubscribeOptions withBufferSize(int events) {
        return new SubscribeOptions(synchronous, overflow, events, blockTimeout);
    }

    /**
     * A copy with another time to wait for room.
     *
     * @param wait how long a publisher waits
     * @return the copy
     */
    public SubscribeOptions withBlockTimeout(Duration wait) {
        return new SubscribeOptions(synchronous, overflow, bufferSize, wait);
    }
}
