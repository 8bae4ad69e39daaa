package io.llmspell.core.event;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;

/**
 * How a subscription gets its events. What is not set is as the bus is set; that is without configuration a queue of
 * 10,000 events of which the oldest go, and one handler at a time that may take 5 seconds.
 *
 * <p><b>Threads:</b> immutable; the {@code with…} methods make copies. All that take a number or a duration throw
 * {@link ArgumentException} {@code invalid_argument} if it is out of range.
 *
 * @param synchronous whether the handler runs on the publisher's thread; else it has a queue of its own
 * @param flow the bounds of the queue
 * @param handling how the handler is run
 */
public record SubscribeOptions(boolean synchronous, FlowOptions flow, HandlingOptions handling) {
    /** Served by another thread, everything else as the bus is set. */
    public static final SubscribeOptions DEFAULT =
            new SubscribeOptions(false, FlowOptions.UNSET, HandlingOptions.UNSET);

    /**
     * A copy whose handler runs on the publisher's thread.
     *
     * @return the copy
     */
    public SubscribeOptions onPublisherThread() {
        return new SubscribeOptions(true, flow, handling);
    }

    /**
     * A copy with another strategy.
     *
     * @param strategy what happens when the queue is full
     * @return the copy
     */
    public SubscribeOptions withOverflow(Overflow strategy) {
        return with(new FlowOptions(
                strategy,
                flow.bufferSize(),
                flow.blockTimeout(),
                flow.highWaterMark(),
                flow.lowWaterMark(),
                flow.notices()));
    }

    /**
     * A copy with another queue size.
     *
     * @param events how many events the queue holds, 1 to 10,000,000
     * @return the copy
     */
    public SubscribeOptions withBufferSize(int events) {
        return with(new FlowOptions(
                flow.overflow(),
                events,
                flow.blockTimeout(),
                flow.highWaterMark(),
                flow.lowWaterMark(),
                flow.notices()));
    }

    /**
     * A copy with another time to wait for room.
     *
     * @param wait how long a publisher waits, positive
     * @return the copy
     */
    public SubscribeOptions withBlockTimeout(Duration wait) {
        return with(new FlowOptions(
                flow.overflow(), flow.bufferSize(), wait, flow.highWaterMark(), flow.lowWaterMark(), flow.notices()));
    }

    /**
     * A copy with other marks.
     *
     * @param high how many queued events are worth a warning
     * @param low how few make the queue recovered, below {@code high}
     * @return the copy
     */
    public SubscribeOptions withWaterMarks(int high, int low) {
        return with(
                new FlowOptions(flow.overflow(), flow.bufferSize(), flow.blockTimeout(), high, low, flow.notices()));
    }

    /**
     * A copy with or without events about the queue.
     *
     * @param wanted whether the bus publishes {@code event.flow.*} events about it
     * @return the copy
     */
    public SubscribeOptions withNotices(boolean wanted) {
        return with(new FlowOptions(
                flow.overflow(),
                flow.bufferSize(),
                flow.blockTimeout(),
                flow.highWaterMark(),
                flow.lowWaterMark(),
                wanted));
    }

    /**
     * A copy that handles several events at once.
     *
     * @param atOnce how many, 1 to 1,024
     * @return the copy
     */
    public SubscribeOptions withConcurrency(int atOnce) {
        return with(new HandlingOptions(atOnce, handling.timeout(), handling.quarantineAfter()));
    }

    /**
     * A copy with another time for an asynchronous handler.
     *
     * @param longest how long it may take for one event; zero for no limit
     * @return the copy
     */
    public SubscribeOptions withHandlerTimeout(Duration longest) {
        return with(new HandlingOptions(handling.concurrency(), longest, handling.quarantineAfter()));
    }

    /**
     * A copy with another patience for failures.
     *
     * @param failures how many in a row end the deliveries until the subscription is resumed; zero for never
     * @return the copy
     */
    public SubscribeOptions withQuarantineAfter(int failures) {
        return with(new HandlingOptions(handling.concurrency(), handling.timeout(), failures));
    }

    private SubscribeOptions with(FlowOptions changed) {
        return new SubscribeOptions(synchronous, changed, handling);
    }

    private SubscribeOptions with(HandlingOptions changed) {
        return new SubscribeOptions(synchronous, flow, changed);
    }
}
