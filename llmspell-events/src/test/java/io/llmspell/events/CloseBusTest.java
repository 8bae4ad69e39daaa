package io.llmspell.events;

import io.llmspell.testing.check.Check;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

@Check("E06")
class CloseBusTest {
    @Test
    void close_reportsTheExactRest() {
        new BusCheck(UnaryOperator.identity(), Duration.ofSeconds(30)).close_reportsTheExactRest(Duration.ofSeconds(2));
    }
}
