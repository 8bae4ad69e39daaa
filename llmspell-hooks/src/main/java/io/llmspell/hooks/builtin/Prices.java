package io.llmspell.hooks.builtin;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** Prices model calls; everything is exact, because divisions are shifts of the decimal point. */
final class Prices {
    private static final int PER_THOUSAND = 3;
    private static final int NANOS = 9;

    private Prices() {}

    /**
     * What a call costs.
     *
     * @param before the tokens that the model has used in the window before, for tiers
     */
    static Cost cost(Pricing pricing, ModelUse use, BigInteger before) {
        if (pricing instanceof Pricing.Token token) {
            return token(token, use);
        }
        if (pricing instanceof Pricing.Request request) {
            return Cost.whole(request.price());
        }
        if (pricing instanceof Pricing.Time time) {
            return Cost.whole(time(time, use.duration()));
        }
        if (pricing instanceof Pricing.Tiered tiered) {
            return tiered(tiered, use, before);
        }
        return Cost.whole(((Pricing.Custom) pricing).function().apply(use).max(BigDecimal.ZERO));
    }

    /** What a call costs at most. */
    static Cost bound(Pricing pricing, ModelUse most) {
        if (pricing instanceof Pricing.Time time) {
            return Cost.whole(time(time, time.maxTime()));
        }
        if (pricing instanceof Pricing.Tiered tiered) {
            return Cost.of(
                    tokens(
                            most.inputTokens(),
                            highest(tiered.tiers().stream()
                                    .map(Pricing.Tier::input)
                                    .toList())),
                    tokens(
                            most.outputTokens(),
                            highest(tiered.tiers().stream()
                                    .map(Pricing.Tier::output)
                                    .toList())));
        }
        if (pricing instanceof Pricing.Token token) { // how much of the input is cached is not known before
            return Cost.of(
                    tokens(most.inputTokens(), token.input().max(token.cached())),
                    tokens(most.outputTokens(), token.output()));
        }
        return cost(pricing, most, BigInteger.ZERO);
    }

    private static BigDecimal highest(List<BigDecimal> prices) {
        return prices.stream().max(Comparator.naturalOrder()).orElse(BigDecimal.ZERO);
    }

    private static Cost token(Pricing.Token price, ModelUse use) {
        BigDecimal fresh = tokens(use.inputTokens() - use.cachedTokens(), price.input());
        return Cost.of(
                fresh.add(tokens(use.cachedTokens(), price.cached())), tokens(use.outputTokens(), price.output()));
    }

    private static BigDecimal tokens(long count, BigDecimal perThousand) {
        return perThousand.multiply(BigDecimal.valueOf(count)).movePointLeft(PER_THOUSAND);
    }

    private static BigDecimal time(Pricing.Time price, Duration time) {
        BigDecimal seconds = BigDecimal.valueOf(time.getSeconds())
                .add(BigDecimal.valueOf(time.getNano()).movePointLeft(NANOS));
        return price.perSecond().multiply(seconds);
    }

    private static Cost tiered(Pricing.Tiered price, ModelUse use, BigInteger before) {
        BigInteger sent = before.add(BigInteger.valueOf(use.inputTokens()));
        return Cost.of(
                part(price.tiers(), before, use.inputTokens(), true),
                part(price.tiers(), sent, use.outputTokens(), false));
    }

    /** The price of the tokens from a place on; each is paid at the price of the tier in which it falls. */
    private static BigDecimal part(List<Pricing.Tier> tiers, BigInteger from, long count, boolean input) {
        BigDecimal sum = BigDecimal.ZERO;
        BigInteger place = from;
        long left = count;
        for (Pricing.Tier tier : tiers) {
            Long end = tier.upTo();
            BigInteger room = end == null
                    ? BigInteger.valueOf(left)
                    : BigInteger.valueOf(end).subtract(place).max(BigInteger.ZERO);
            long here = room.min(BigInteger.valueOf(left)).longValue();
            sum = sum.add(tokens(here, input ? tier.input() : tier.output()));
            place = place.add(BigInteger.valueOf(here));
            left -= here;
        }
        return sum;
    }
}
