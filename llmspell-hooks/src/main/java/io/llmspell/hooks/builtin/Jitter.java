package io.llmspell.hooks.builtin;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * What chance does to the waits between runs, so that callers that failed together do not come back together.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum Jitter {
    /** The wait as it is. */
    NONE,
    /** Anything from nothing to the whole wait. */
    FULL,
    /** Anything from half of the wait to the whole. */
    EQUAL,
    /** Anything from the base to three times the wait before, at most the longest wait. */
    DECORRELATED;

    /**
     * Chooses a wait.
     *
     * @param delay the wait of the strategy
     * @param previous the wait that was chosen last, the base before the first
     * @param backoff whose base and longest wait bound the choice
     * @param random gives a number from 0 to 1, exclusive
     */
    Duration apply(Duration delay, Duration previous, Backoff backoff, DoubleSupplier random) {
        return switch (this) {
            case NONE -> delay;
            case FULL -> between(Duration.ZERO, delay, random);
            case EQUAL -> between(delay.dividedBy(2), delay, random);
            case DECORRELATED -> {
                Duration tripled = previous.compareTo(backoff.max()) >= 0 ? backoff.max() : previous.multipliedBy(3);
                Duration upper = tripled.compareTo(backoff.max()) > 0 ? backoff.max() : tripled;
                yield between(backoff.base(), upper, random);
            }
        };
    }

    private static Duration between(Duration from, Duration to, DoubleSupplier random) {
        long span = Math.max(0, to.toNanos() - from.toNanos());
        return from.plusNanos((long) (span * random.getAsDouble()));
    }
}
