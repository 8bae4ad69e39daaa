package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link HarmlessNamesTest} is there for: a redactor that looks for parts of names. */
@Timeout(60)
class HarmlessNamesFaultTest {
    @Test
    void substringMatch_isRed() {
        for (String part : List.of("token", "auth", "secret")) {
            OtherRedactor substring =
                    new OtherRedactor(name -> name.toLowerCase(Locale.ROOT).contains(part), true);
            assertThatThrownBy(() -> HarmlessNamesCheck.run(substring)).isInstanceOf(AssertionError.class);
        }
    }
}
