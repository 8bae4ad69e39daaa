package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class BackoffPropertiesTest {
    private static Backoff backoff(Backoff.Strategy strategy, long base, double factor, long longer) {
        return new Backoff(strategy, Duration.ofNanos(base), factor, Duration.ofNanos(base + longer));
    }

    @Property
    void delay_isBetweenBaseAndMax_andNeverShrinks(
            @ForAll Backoff.Strategy strategy,
            @ForAll @LongRange(min = 1, max = 86_400_000_000_000L) long base,
            @ForAll @DoubleRange(min = 1, max = 1_000) double factor,
            @ForAll @LongRange(min = 0, max = 86_400_000_000_000L) long longer,
            @ForAll @IntRange(min = 1, max = 100) int retry) {
        Backoff backoff = backoff(strategy, base, factor, longer);

        Duration delay = backoff.delay(retry);

        assertThat(delay).isBetween(backoff.base(), backoff.max());
        assertThat(backoff.delay(retry + 1)).isGreaterThanOrEqualTo(delay);
        assertThat(backoff.delay(1)).isEqualTo(backoff.base());
    }

    @Property
    void jitter_staysWithinItsBounds(
            @ForAll Backoff.Strategy strategy,
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long base,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long longer,
            @ForAll @IntRange(min = 1, max = 100) int retry,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double chance,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double chanceBefore) {
        Backoff backoff = backoff(strategy, base, 2, longer);
        Duration delay = backoff.delay(retry);
        Duration before = Jitter.DECORRELATED.apply(delay, backoff.base(), backoff, () -> chanceBefore);

        assertThat(Jitter.NONE.apply(delay, before, backoff, () -> chance)).isEqualTo(delay);
        assertThat(Jitter.FULL.apply(delay, before, backoff, () -> chance)).isBetween(Duration.ZERO, delay);
        assertThat(Jitter.EQUAL.apply(delay, before, backoff, () -> chance)).isBetween(delay.dividedBy(2), delay);
        Duration decorrelated = Jitter.DECORRELATED.apply(delay, before, backoff, () -> chance);
        assertThat(decorrelated).isBetween(backoff.base(), backoff.max());
        assertThat(decorrelated).isLessThanOrEqualTo(before.multipliedBy(3));
    }

    @Example
    void backoff_outOfRange_isRefused() {
        assertThatThrownBy(() -> backoff(Backoff.Strategy.FIXED, 0, 2, 1)).hasMessageContaining("base");
        assertThatThrownBy(() -> backoff(Backoff.Strategy.FIXED, 1, 0.5, 1)).hasMessageContaining("factor");
        assertThatThrownBy(() -> backoff(Backoff.Strategy.FIXED, 1, Double.NaN, 1))
                .hasMessageContaining("factor");
        assertThatThrownBy(() -> backoff(Backoff.Strategy.FIXED, 2, 2, -1)).hasMessageContaining("max");
    }
}
