package io.llmspell.hooks.builtin;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.UninterruptibleBlockingStrategy;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import io.llmspell.core.time.TimeSource;

/**
 * The limit of one key, and what it has decided.
 *
 * <p>Bucket4j counts; its bucket is the one that does not lock, because the lock of this object, held for some
 * nanoseconds, guards bucket and figures together. <b>Threads:</b> safe.
 */
final class TokenBucket {
    /** Answer of {@link #reserve}: the wait would be too long. */
    static final long NEVER = -1;

    private final RateLimitConfig.Limit limit;
    private final LocalBucket bucket;
    private final Wait wait = new Wait();
    private long allowed;
    private long limited;
    private long delayed;

    TokenBucket(RateLimitConfig.Limit limit, TimeSource time) {
        this.limit = limit;
        this.bucket = Bucket.builder()
                .addLimit(stage -> stage.capacity(limit.full())
                        .refillGreedy(limit.refillRate(), limit.refillInterval())
                        .initialTokens(limit.full()))
                .withCustomTimePrecision(new Ticks(time))
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    RateLimitConfig.Limit limit() {
        return limit;
    }

    /** Takes a token if there is one. */
    synchronized ConsumptionProbe take() {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            allowed++;
        } else {
            limited++;
        }
        return probe;
    }

    /**
     * Takes a token, if need be one that is still to come.
     *
     * @return how long to wait for it in nanoseconds, or {@link #NEVER}; then nothing is taken
     */
    synchronized long reserve(long maxWaitNanos) {
        wait.nanos = 0;
        if (!bucket.asBlocking().tryConsumeUninterruptibly(1, Math.max(1, maxWaitNanos), wait)) {
            limited++;
            return NEVER;
        }
        if (wait.nanos > 0) {
            limited++;
            delayed++;
        } else {
            allowed++;
        }
        return wait.nanos;
    }

    /** A delayed operation got its turn. */
    synchronized void turnCame() {
        allowed++;
    }

    /** Gives back the token of an operation that ended before its turn. */
    synchronized void giveBack() {
        bucket.addTokens(1);
    }

    synchronized State state() {
        return new State(
                bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill(),
                bucket.getAvailableTokens(),
                allowed,
                limited,
                delayed);
    }

    /** The state of the limit and what it has decided. */
    record State(long nanosToNext, long available, long allowed, long limited, long delayed) {}

    /** Our clock for Bucket4j. */
    private record Ticks(TimeSource time) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return time.nanos();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    /** Notes how long Bucket4j would park; the gate is what waits. */
    private static final class Wait implements UninterruptibleBlockingStrategy {
        private long nanos;

        @Override
        public void parkUninterruptibly(long nanosToPark) {
            nanos = nanosToPark;
        }
    }
}
