package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ArgumentException;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * How long to wait before each further run, before any jitter.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param strategy how the waits grow
 * @param base the first wait, more than 0
 * @param factor by what an exponential wait grows, at least 1; the other strategies do not use it
 * @param max the longest wait, at least {@code base}
 */
public record Backoff(Strategy strategy, Duration base, double factor, Duration max) {
    /** The backoff that is used unless another is set: exponential, 100 ms, factor 2, at most 60 s. */
    public static final Backoff DEFAULT =
            new Backoff(Strategy.EXPONENTIAL, Duration.ofMillis(100), 2, Duration.ofSeconds(60));

    /** How waits grow from one run to the next. */
    public enum Strategy {
        /** Each wait is the one before times the factor. */
        EXPONENTIAL,
        /** All waits are the same. */
        FIXED,
        /** The waits are the base times 1, 2, 3, 4. */
        LINEAR,
        /** The waits are the base times 1, 1, 2, 3, 5, 8. */
        FIBONACCI
    }

    /**
     * Checks the members.
     *
     * @param strategy how the waits grow
     * @param base the first wait
     * @param factor the growth of exponential waits
     * @param max the longest wait
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public Backoff {
        if (base.isNegative() || base.isZero() || max.compareTo(base) < 0) {
            throw new ArgumentException(
                    "backoff", "base " + base + ", max " + max, "a base of more than 0 and a max of at least the base");
        }
        if (!(factor >= 1) || Double.isInfinite(factor)) {
            throw new ArgumentException("backoff factor", String.valueOf(factor), "a number of at least 1");
        }
    }

    /**
     * The wait before a run.
     *
     * @param retry 1 for the first repetition
     * @return the wait, from {@code base} to {@code max}
     */
    public Duration delay(int retry) {
        BigDecimal nanos = BigDecimal.valueOf(base.toNanos());
        BigDecimal longest = BigDecimal.valueOf(max.toNanos());
        return switch (strategy) {
            case FIXED -> base;
            case LINEAR ->
                Duration.ofNanos(
                        nanos.multiply(BigDecimal.valueOf(retry)).min(longest).longValue());
            case EXPONENTIAL -> exponential(retry);
            case FIBONACCI -> fibonacci(retry);
        };
    }

    private Duration exponential(int retry) {
        double nanos = base.toNanos() * Math.pow(factor, retry - 1.0);
        return nanos >= max.toNanos() ? max : Duration.ofNanos((long) nanos);
    }

    private Duration fibonacci(int retry) {
        long last = 0;
        long wait = base.toNanos();
        long longest = max.toNanos();
        for (int i = 1; i < retry && wait < longest; i++) {
            long next =
                    Math.min(longest, last + wait); // both are at most the longest wait, which is far below overflow
            last = wait;
            wait = next;
        }
        return Duration.ofNanos(Math.min(wait, longest));
    }
}
