package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.testing.check.Check;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@Check("C03")
class RegistryStressTest {
    @Test
    @Timeout(60)
    void operations_whileHooksComeAndGo_runTheHooksOfOneMomentOnceAndInOrder() throws InterruptedException {
        assertThat(new RegistryStressCheck(UnaryOperator.identity()).run(Duration.ofSeconds(2)))
                .isPositive();
    }

    @Test
    @EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "a minute; profile fuzz")
    @Timeout(180)
    void operations_forAMinute_theSame() throws InterruptedException {
        assertThat(new RegistryStressCheck(UnaryOperator.identity()).run(Duration.ofMinutes(1)))
                .isPositive();
    }
}
