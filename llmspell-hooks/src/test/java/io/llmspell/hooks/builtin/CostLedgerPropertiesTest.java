package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.testing.time.ManualTime;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class CostLedgerPropertiesTest {
    private static final CostLedger.Account ACCOUNT = new CostLedger.Account("p", "p/m", "agent", "user");
    private static final CostTrackingConfig.Alert BUDGET =
            new CostTrackingConfig.Alert(BigDecimal.ONE, CostTrackingConfig.Level.CRITICAL, true);

    private static ModelUse use(long input, long output, long cached) {
        return new ModelUse("p", "m", input, output, cached, Duration.ZERO);
    }

    @Provide
    Arbitrary<BigDecimal> prices() {
        return Arbitraries.bigDecimals()
                .between(BigDecimal.ZERO, BigDecimal.valueOf(100))
                .ofScale(9);
    }

    @Provide
    Arbitrary<ModelUse> uses() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 10_000_000),
                        Arbitraries.longs().between(0, 10_000_000),
                        Arbitraries.longs().between(0, 10_000_000))
                .as((input, output, cached) -> use(input, output, Math.min(input, cached)));
    }

    @Provide
    Arbitrary<List<ModelUse>> manyUses() {
        return uses().list().ofMaxSize(50);
    }

    @Property
    void sum_ofManyCalls_isExact(
            @ForAll("prices") BigDecimal in,
            @ForAll("prices") BigDecimal out,
            @ForAll("manyUses") List<ModelUse> uses) {
        Pricing pricing = new Pricing.Token(in, out, in);
        CostLedger ledger = new CostLedger(new ManualTime(), Duration.ofHours(1), Duration.ZERO);
        BigInteger input = BigInteger.ZERO;
        BigInteger output = BigInteger.ZERO;
        for (ModelUse use : uses) {
            ledger.settle(null, use, ACCOUNT, before -> Prices.cost(pricing, use, before), List.of());
            input = input.add(BigInteger.valueOf(use.inputTokens()));
            output = output.add(BigInteger.valueOf(use.outputTokens()));
        }
        BigDecimal thousand = BigDecimal.valueOf(1_000);
        BigDecimal expected = in.multiply(new BigDecimal(input))
                .add(out.multiply(new BigDecimal(output)))
                .divide(thousand);

        assertThat(ledger.<BigDecimal>read((past, present) -> present.spent)).isEqualByComparingTo(expected);
    }

    @Property
    void tiers_costTheSame_howeverTheTokensAreSplitIntoCalls(
            @ForAll @LongRange(min = 1, max = 5_000) long first,
            @ForAll @LongRange(min = 1, max = 5_000) long second,
            @ForAll @Size(min = 1, max = 20) List<@LongRange(min = 0, max = 2_000) Long> parts) {
        Pricing.Tiered tiers = new Pricing.Tiered(List.of(
                new Pricing.Tier(first, new BigDecimal("3"), new BigDecimal("3")),
                new Pricing.Tier(first + second, new BigDecimal("2"), new BigDecimal("2")),
                new Pricing.Tier(null, BigDecimal.ONE, BigDecimal.ONE)));
        BigInteger before = BigInteger.ZERO;
        BigDecimal sum = BigDecimal.ZERO;
        for (long part : parts) {
            sum = sum.add(Prices.cost(tiers, use(part, 0, 0), before).total());
            before = before.add(BigInteger.valueOf(part));
        }

        assertThat(Prices.cost(tiers, use(before.longValueExact(), 0, 0), BigInteger.ZERO)
                        .total())
                .isEqualByComparingTo(sum);
    }

    @Property
    void bound_isNeverBelowTheCostOfASmallerUse(
            @ForAll("uses") ModelUse most,
            @ForAll("uses") ModelUse less,
            @ForAll("prices") BigDecimal in,
            @ForAll("prices") BigDecimal out,
            @ForAll("prices") BigDecimal cached,
            @ForAll @LongRange(min = 0, max = 10_000_000) long before) {
        long input = Math.min(most.inputTokens(), less.inputTokens());
        ModelUse use =
                use(input, Math.min(most.outputTokens(), less.outputTokens()), Math.min(input, less.cachedTokens()));
        for (Pricing pricing : List.of(
                new Pricing.Token(in, out, cached),
                new Pricing.Request(in),
                new Pricing.Tiered(
                        List.of(new Pricing.Tier(1_000_000L, in, out), new Pricing.Tier(null, cached, in))))) {
            assertThat(Prices.bound(pricing, most).total())
                    .isGreaterThanOrEqualTo(Prices.cost(pricing, use, BigInteger.valueOf(before))
                            .total());
        }
    }

    /** Reservations and settlements in any order; a settlement is never more than what was reserved. */
    @Property
    void spentAndReserved_neverPassTheBudget(
            @ForAll @Size(max = 200) List<@LongRange(min = -5, max = 400) Long> steps) {
        ManualTime time = new ManualTime();
        CostLedger ledger = new CostLedger(time, Duration.ofMinutes(1), Duration.ofHours(1));
        Deque<CostLedger.Reservation> open = new ArrayDeque<>();
        List<CostLedger.Reservation> ended = new ArrayList<>();
        for (long step : steps) {
            if (step > 0) {
                BigDecimal amount = BigDecimal.valueOf(step, 3);
                if (ledger.reserve(amount, BUDGET) instanceof CostLedger.Reservation held) {
                    open.add(held);
                }
            } else if (step == -5) {
                time.advance(Duration.ofSeconds(25));
            } else if (!open.isEmpty()) {
                CostLedger.Reservation held = step % 2 == 0 ? open.removeFirst() : open.removeLast();
                ended.add(held);
                if (step == 0) {
                    ledger.release(held);
                } else {
                    ledger.settle(
                            held, use(1, 1, 0), ACCOUNT, before -> Cost.whole(BigDecimal.valueOf(1, 3)), List.of());
                }
            }
            ended.forEach(ledger::release); // what has ended is not given back twice
            assertThat(ledger.<BigDecimal>read((past, present) -> present.spent.add(present.reserved)))
                    .isBetween(BigDecimal.ZERO, BUDGET.threshold());
        }
        open.forEach(ledger::release);
        assertThat(ledger.<BigDecimal>read((past, present) -> present.reserved)).isEqualByComparingTo("0");
    }
}
