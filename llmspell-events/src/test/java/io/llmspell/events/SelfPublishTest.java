package io.llmspell.events;

import io.llmspell.testing.check.Check;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

@Check("E05")
class SelfPublishTest {
    @Test
    void selfPublish_isAnsweredInTime() {
        new BusCheck(UnaryOperator.identity(), Duration.ofSeconds(30)).selfPublish_isAnsweredInTime();
    }
}
