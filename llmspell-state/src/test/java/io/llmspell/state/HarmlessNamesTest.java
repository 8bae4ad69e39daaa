package io.llmspell.state;

import io.llmspell.core.redact.Redactor;
import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Check("P02")
@Timeout(60)
class HarmlessNamesTest {
    @Test
    void harmlessNames_keepTheirValues() {
        HarmlessNamesCheck.run(Redactor.builder().hashRedacted().build());
    }
}
