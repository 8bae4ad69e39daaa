package io.llmspell.events;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.FlowOptions;
import io.llmspell.core.event.HandlingOptions;
import io.llmspell.core.event.Overflow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a bus is bounded, and what its subscriptions get that do not say otherwise.
 *
 * <p><b>Threads:</b> immutable; the {@code with…} methods make copies.
 *
 * @param rateLimit how fast publishers may be, or null for no limit
 * @param flow how queues are bounded; what is null is as in {@link #DEFAULT}
 * @param handling how handlers are run; what is null is as in {@link #DEFAULT}
 * @param drainTimeout how long closing the bus waits for its queues, zero or more
 */
public record EventSettings(
        @Nullable RateLimit rateLimit, FlowOptions flow, HandlingOptions handling, Duration drainTimeout) {
    /** No rate limit, queues of 10,000 that drop the oldest, one handler at a time for 5 seconds each. */
    public static final EventSettings DEFAULT = new EventSettings(
            null,
            new FlowOptions(Overflow.DROP_OLDEST, 10_000, Duration.ofSeconds(5), null, null, true),
            new HandlingOptions(1, Duration.ofSeconds(5), 10),
            Duration.ofSeconds(5));

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final int LARGEST = 10_000_000;

    /**
     * Checks the members.
     *
     * @param rateLimit the rate limit, or null
     * @param flow how queues are bounded
     * @param handling how handlers are run
     * @param drainTimeout how long closing waits
     * @throws ArgumentException {@code invalid_argument} if the drain timeout is negative
     */
    public EventSettings {
        if (drainTimeout.isNegative()) {
            throw new ArgumentException("drain timeout", drainTimeout.toString(), "zero or more");
        }
    }

    /**
     * A limit of the whole bus: a bucket of tokens that starts full, of which each publish takes one.
     *
     * @param perSecond how many tokens come in a second, 1 to 1,000,000
     * @param burst how many tokens the bucket holds, 1 to 10,000,000
     */
    public record RateLimit(int perSecond, int burst) {
        /**
         * Checks the numbers.
         *
         * @param perSecond tokens a second
         * @param burst the size of the bucket
         * @throws ArgumentException {@code invalid_argument} if one is out of range
         */
        public RateLimit {
            if (perSecond < 1 || perSecond > 1_000_000) {
                throw new ArgumentException("rate", String.valueOf(perSecond), "between 1 and 1,000,000 a second");
            }
            if (burst < 1 || burst > LARGEST) {
                throw new ArgumentException("burst", String.valueOf(burst), "between 1 and 10,000,000");
            }
        }
    }

    /**
     * Reads the section {@code events} of the configuration with {@code events.flow}.
     *
     * @param section the section
     * @return the settings
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} for an unknown or wrong option
     */
    public static EventSettings from(ConfigSection section) {
        ConfigSection flow = section.section("flow");
        HandlingOptions handling = new HandlingOptions(
                (int) section.integer("concurrency", 1, 1, 1024),
                section.duration("handler_timeout", Duration.ofSeconds(5), Duration.ZERO, DAY),
                (int) section.integer("quarantine_after", 10, 0, 1_000_000));
        Duration drain = section.duration("drain_timeout", DEFAULT.drainTimeout, Duration.ZERO, DAY);
        section.end();
        return new EventSettings(limit(flow), flow(flow), handling, drain);
    }

    private static @Nullable RateLimit limit(ConfigSection flow) {
        int rate = (int) flow.integer("max_rate", 1000, 1, 1_000_000);
        int burst = (int) flow.integer("burst_capacity", 2000, 1, LARGEST);
        return flow.flag("rate_limit", false) ? new RateLimit(rate, burst) : null;
    }

    private static FlowOptions flow(ConfigSection section) {
        int size = (int) section.integer("max_buffer_size", 10_000, 1, LARGEST);
        Integer high = section.has("high_water_mark") ? (int) section.integer("high_water_mark", 0, 1, size) : null;
        int below = high == null ? Flow.high(size) : high;
        Integer low = section.has("low_water_mark") ? (int) section.integer("low_water_mark", 0, 0, below - 1) : null;
        FlowOptions options = new FlowOptions(
                section.choice("strategy", Overflow.DROP_OLDEST),
                size,
                section.duration("block_timeout", Duration.ofSeconds(5), SHORTEST, DAY),
                high,
                low,
                section.flag("enable_notifications", true));
        section.end();
        return options;
    }

    /**
     * A copy with another time to drain.
     *
     * @param longest how long closing waits, zero or more
     * @return the copy
     */
    public EventSettings withDrainTimeout(Duration longest) {
        return new EventSettings(rateLimit, flow, handling, longest);
    }

    /**
     * A copy with a rate limit.
     *
     * @param perSecond tokens a second, 1 to 1,000,000
     * @param burst the size of the bucket, 1 to 10,000,000
     * @return the copy
     */
    public EventSettings withRateLimit(int perSecond, int burst) {
        return new EventSettings(new RateLimit(perSecond, burst), flow, handling, drainTimeout);
    }

    /**
     * A copy whose subscriptions get other queues and handlers, if they do not say otherwise.
     *
     * @param queues how queues are bounded
     * @param handlers how handlers are run
     * @return the copy
     */
    public EventSettings withDefaults(FlowOptions queues, HandlingOptions handlers) {
        return new EventSettings(rateLimit, queues, handlers, drainTimeout);
    }
}
