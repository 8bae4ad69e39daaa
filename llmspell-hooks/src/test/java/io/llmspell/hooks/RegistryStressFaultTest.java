package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RegistryStressFaultTest {
    @Test
    void registryOnLiveLists_isRed() {
        RegistryStressCheck check = new RegistryStressCheck(LiveRegistry::new);
        assertThatThrownBy(() -> check.run(Duration.ofSeconds(30)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what went wrong");
    }
}
