package io.llmspell.events;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.FlowOptions;
import io.llmspell.core.event.Overflow;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one queue is bounded, with everything decided.
 *
 * @param overflow what happens when it is full
 * @param size how many events it holds
 * @param blockTimeout how long a publisher waits for room
 * @param high from how many events on it is worth a warning
 * @param low down to how many it has recovered
 * @param notices whether events tell of it
 */
record Flow(Overflow overflow, int size, Duration blockTimeout, int high, int low, boolean notices) {
    /** What a subscription says wins over what the bus says, and that over the defaults. */
    static Flow of(FlowOptions own, FlowOptions bus) {
        FlowOptions last = EventSettings.DEFAULT.flow();
        int size = first(own.bufferSize(), bus.bufferSize(), last.bufferSize());
        boolean ownSize = own.bufferSize() != null;
        int high = first(own.highWaterMark(), ownSize ? null : bus.highWaterMark(), high(size));
        int low = first(own.lowWaterMark(), ownSize ? null : bus.lowWaterMark(), Math.min(size / 5, high - 1));
        if (high > size || low >= high) {
            throw new ArgumentException(
                    "water marks", high + " and " + low, "below another and at most the buffer size, " + size);
        }
        return new Flow(
                first(own.overflow(), bus.overflow(), last.overflow()),
                size,
                first(own.blockTimeout(), bus.blockTimeout(), last.blockTimeout()),
                high,
                low,
                first(own.notices(), bus.notices(), last.notices()));
    }

    /** The mark of a queue for which none is set. */
    static int high(int size) {
        return (int) Math.max(1, size * 4L / 5);
    }

    static <T> T first(@Nullable T own, @Nullable T bus, @Nullable T last) {
        return own != null ? own : bus != null ? bus : Objects.requireNonNull(last);
    }
}
