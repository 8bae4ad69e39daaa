package io.llmspell.events;

import io.llmspell.core.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rate limit of a bus, by the generic cell rate algorithm: one word says when the bucket will be full again.
 *
 * <p>Ticks are sixteenths of a nanosecond, so that the interval of a million tokens a second is exact to 0.01 %.
 * <b>Threads:</b> safe, without a lock.
 */
final class TokenBucket {
    private static final int FRACTION_BITS = 4;

    private final Ticker time;
    private final long interval;
    private final long tolerance;

    /** When the bucket is full again, if nobody takes a token until then. */
    private final AtomicLong fullAt;

    TokenBucket(Ticker time, EventSettings.RateLimit limit) {
        this.time = time;
        this.interval = ((TimeUnit.SECONDS.toNanos(1) << FRACTION_BITS) + limit.perSecond() - 1) / limit.perSecond();
        this.tolerance = interval * (limit.burst() - 1L);
        this.fullAt = new AtomicLong(ticks());
    }

    private long ticks() {
        return time.nanos() << FRACTION_BITS;
    }

    /** Takes a token; gives 0, or the nanoseconds until there is one. */
    long take() {
        long now = ticks();
        while (true) {
            long full = fullAt.get();
            long lacking = Math.max(0, full - now);
            if (lacking > tolerance) {
                return ((lacking - tolerance) >> FRACTION_BITS) + 1;
            }
            if (fullAt.compareAndSet(full, now + lacking + interval)) {
                return 0;
            }
        }
    }
}
