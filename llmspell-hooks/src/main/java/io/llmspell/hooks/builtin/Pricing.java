package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ArgumentException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of a model are paid. Amounts are exact decimals.
 *
 * <p><b>Threads:</b> immutable.
 */
public sealed interface Pricing {
    /**
     * A price per 1,000 tokens, where cached input costs as much as other input.
     *
     * @param input for 1,000 tokens of input, such as {@code "0.03"}
     * @param output for 1,000 tokens of output
     * @return the pricing
     * @throws ArgumentException {@code invalid_argument} if one is negative or no number
     */
    static Pricing token(String input, String output) {
        BigDecimal in = amount("input price", input);
        return new Token(in, amount("output price", output), in);
    }

    /**
     * A price per call.
     *
     * @param price for one call, such as {@code "0.002"}
     * @return the pricing
     * @throws ArgumentException {@code invalid_argument} if it is negative or no number
     */
    static Pricing request(String price) {
        return new Request(amount("price per request", price));
    }

    private static BigDecimal amount(String what, String text) {
        try {
            return checked(what, new BigDecimal(text));
        } catch (NumberFormatException wrong) {
            throw new ArgumentException(what, text, "a number of 0 or more");
        }
    }

    private static BigDecimal checked(String what, BigDecimal amount) {
        if (amount.signum() < 0) {
            throw new ArgumentException(what, amount.toString(), "a number of 0 or more");
        }
        return amount;
    }

    /**
     * Paid by tokens.
     *
     * @param input for 1,000 tokens of input
     * @param output for 1,000 tokens of output
     * @param cached for 1,000 tokens of input that the provider had cached
     */
    record Token(BigDecimal input, BigDecimal output, BigDecimal cached) implements Pricing {
        /**
         * Checks the prices.
         *
         * @param input for 1,000 tokens of input
         * @param output for 1,000 tokens of output
         * @param cached for 1,000 cached tokens of input
         * @throws ArgumentException {@code invalid_argument} if one is negative
         */
        public Token {
            checked("input price", input);
            checked("output price", output);
            checked("cached price", cached);
        }
    }

    /**
     * Paid by calls.
     *
     * @param price for one call
     */
    record Request(BigDecimal price) implements Pricing {
        /**
         * Checks the price.
         *
         * @param price for one call
         * @throws ArgumentException {@code invalid_argument} if it is negative
         */
        public Request {
            checked("price per request", price);
        }
    }

    /**
     * Paid by the time that a call takes.
     *
     * @param perSecond for one second; parts of a second count exactly
     * @param maxTime the longest call for which a budget is reserved, more than 0
     */
    record Time(BigDecimal perSecond, Duration maxTime) implements Pricing {
        /**
         * Checks price and time.
         *
         * @param perSecond for one second
         * @param maxTime the longest call for which a budget is reserved
         * @throws ArgumentException {@code invalid_argument} if one is out of range
         */
        public Time {
            checked("price per second", perSecond);
            if (maxTime.isNegative() || maxTime.isZero()) {
                throw new ArgumentException("max time", maxTime.toString(), "more than 0");
            }
        }
    }

    /**
     * Paid by tokens, at prices that change with the tokens that the model has used in the window.
     *
     * @param tiers in rising order, the last one without an end; copied
     */
    record Tiered(List<Tier> tiers) implements Pricing {
        /**
         * Copies and checks the tiers.
         *
         * @param tiers in rising order, the last one without an end
         * @throws ArgumentException {@code invalid_argument} if there is none, they do not rise, or the last one ends
         */
        public Tiered {
            tiers = List.copyOf(tiers);
            long before = 0;
            for (int i = 0; i < tiers.size(); i++) {
                Long end = tiers.get(i).upTo();
                boolean last = i == tiers.size() - 1;
                if (last != (end == null) || (end != null && end <= before)) {
                    throw new ArgumentException(
                            "tiers",
                            tiers.toString(),
                            "in rising order of \"up_to\", and only the last one without it");
                }
                before = end == null ? before : end;
            }
            if (tiers.isEmpty()) {
                throw new ArgumentException("tiers", "empty", "at least one tier");
            }
        }
    }

    /**
     * One tier.
     *
     * @param upTo the tokens of the model in the window up to which it holds, null for no end
     * @param input for 1,000 tokens of input
     * @param output for 1,000 tokens of output
     */
    record Tier(@Nullable Long upTo, BigDecimal input, BigDecimal output) {
        /**
         * Checks the prices.
         *
         * @param upTo the end, or null
         * @param input for 1,000 tokens of input
         * @param output for 1,000 tokens of output
         * @throws ArgumentException {@code invalid_argument} if one is negative
         */
        public Tier {
            checked("input price", input);
            checked("output price", output);
        }
    }

    /**
     * Paid as the host program says.
     *
     * @param function gives the price of a call, not negative; called with the largest use before the call, to reserve a
     *     budget, and with the real one after it, on the thread of the call; must be safe, quick and must not give less
     *     for more
     */
    record Custom(Function<ModelUse, BigDecimal> function) implements Pricing {}
}
