package io.llmspell.events;

import io.llmspell.testing.check.Check;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

@Check("E03")
class ThrowingHandlersTest {
    @Test
    void throwers_getTheRestAndHarmNobody() {
        new BusCheck(UnaryOperator.identity(), Duration.ofSeconds(30)).throwers_getTheRestAndHarmNobody();
    }
}
