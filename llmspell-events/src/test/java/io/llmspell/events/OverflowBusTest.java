package io.llmspell.events;

import io.llmspell.core.event.Overflow;
import io.llmspell.testing.check.Check;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("E02")
class OverflowBusTest {
    @ParameterizedTest
    @EnumSource(Overflow.class)
    void overflow_isCountedExactly(Overflow overflow) {
        new BusCheck(UnaryOperator.identity(), Duration.ofSeconds(60)).overflow_isCountedExactly(overflow, 4, 2500, 4);
    }

    /** 10 million events through four slow subscriptions; the heap of the test JVM is the bound. */
    @ParameterizedTest
    @EnumSource(Overflow.class)
    @EnabledIfSystemProperty(named = "llmspell.soak", matches = "true", disabledReason = "minutes; profile soak")
    void overflow_isCountedExactly_long(Overflow overflow) {
        new BusCheck(UnaryOperator.identity(), Duration.ofMinutes(10))
                .overflow_isCountedExactly(overflow, 4, 2_500_000, 4);
    }
}
