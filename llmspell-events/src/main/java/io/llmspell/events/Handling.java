package io.llmspell.events;

import io.llmspell.core.event.HandlingOptions;
import java.time.Duration;

/**
 * How one handler is run, with everything decided.
 *
 * @param concurrency how many events at once
 * @param timeout how long for one event; zero for no limit
 * @param quarantineAfter after how many failures in a row it gets no more; zero for never
 */
record Handling(int concurrency, Duration timeout, int quarantineAfter) {
    /** What a subscription says wins over what the bus says, and that over the defaults. */
    static Handling of(HandlingOptions own, HandlingOptions bus) {
        HandlingOptions last = EventSettings.DEFAULT.handling();
        return new Handling(
                Flow.first(own.concurrency(), bus.concurrency(), last.concurrency()),
                Flow.first(own.timeout(), bus.timeout(), last.timeout()),
                Flow.first(own.quarantineAfter(), bus.quarantineAfter(), last.quarantineAfter()));
    }
}
