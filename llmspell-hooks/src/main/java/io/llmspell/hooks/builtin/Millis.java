package io.llmspell.hooks.builtin;

import java.math.BigDecimal;

/** Durations as people and statistics read them. */
final class Millis {
    private static final double NANOS_PER_MICRO = 1_000.0;
    private static final double MICROS_PER_MILLI = 1_000.0;

    private Millis() {}

    /** Nanoseconds as milliseconds with at most three digits behind the point. */
    static double of(double nanos) {
        return (double) Math.round(nanos / NANOS_PER_MICRO) / MICROS_PER_MILLI;
    }

    /** The same as text, without digits that say nothing. */
    static String text(long nanos) {
        return BigDecimal.valueOf(of((double) nanos)).stripTrailingZeros().toPlainString();
    }
}
