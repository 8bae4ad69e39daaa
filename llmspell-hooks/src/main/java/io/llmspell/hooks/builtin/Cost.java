package io.llmspell.hooks.builtin;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a call costs, exact.
 *
 * @param input for what was sent
 * @param output for what was received
 * @param total both, or the price of a call that is not paid by tokens
 */
record Cost(BigDecimal input, BigDecimal output, BigDecimal total) {
    static final Cost NONE = whole(BigDecimal.ZERO);
    private static final int DIGITS = 6;

    static Cost of(BigDecimal input, BigDecimal output) {
        return new Cost(input, output, input.add(output));
    }

    static Cost whole(BigDecimal total) {
        return new Cost(BigDecimal.ZERO, BigDecimal.ZERO, total);
    }

    Cost times(BigDecimal rate) {
        return new Cost(input.multiply(rate), output.multiply(rate), total.multiply(rate));
    }

    /** An amount as people see it: 6 decimals. */
    static BigDecimal shown(BigDecimal amount) {
        return amount.setScale(DIGITS, RoundingMode.HALF_UP);
    }

    static String text(BigDecimal amount) {
        return shown(amount).toPlainString();
    }
}
