package io.llmspell.events;

import io.llmspell.testing.check.Check;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@Check("E01")
class BlockingBusTest {
    @Test
    void blockingQueues_loseNothing() {
        new BusCheck(UnaryOperator.identity(), Duration.ofSeconds(60)).blockingQueues_loseNothing(8, 1500);
    }

    @Test
    @EnabledIfSystemProperty(named = "llmspell.soak", matches = "true", disabledReason = "minutes; profile soak")
    void blockingQueues_loseNothing_long() {
        new BusCheck(UnaryOperator.identity(), Duration.ofMinutes(10)).blockingQueues_loseNothing(8, 100_000);
    }
}
