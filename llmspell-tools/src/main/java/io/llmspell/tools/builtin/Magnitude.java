package io.llmspell.tools.builtin;

import io.llmspell.core.error.LimitException;
import java.math.BigDecimal;

/** The range of numbers in expressions; outside of it single operations would take minutes and gigabytes. */
final class Magnitude {
    private static final int LARGEST = 308;
    private static final int FINEST = 1_000;

    private Magnitude() {}

    /** Gives the number back, or refuses it by name of the limit. */
    static BigDecimal checked(BigDecimal number) {
        long digits = (long) number.precision() - number.scale();
        if (number.signum() != 0 && digits > LARGEST + 1) {
            throw tooLarge("a number has " + digits + " digits before the point");
        }
        if (number.scale() > FINEST) {
            throw LimitException.exceeded(
                    "decimal places", FINEST + "", "a number has " + number.scale() + " decimal places");
        }
        return number;
    }

    static LimitException tooLarge(String what) {
        return LimitException.exceeded("largest number", "1e" + LARGEST, what);
    }

    /** Refuses a power whose value would be out of range, before it is computed. */
    static void power(BigDecimal base, BigDecimal exponent) {
        if (base.signum() == 0) {
            return;
        }
        double digits = Math.log10(base.abs().doubleValue()) * exponent.doubleValue();
        if (digits > LARGEST || digits < -FINEST / 2.0) {
            throw tooLarge("a power would have about " + Math.round(digits) + " digits");
        }
    }
}
