package io.llmspell.core.redact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {
    @Test
    void textWithASecret_isMasked_theRestStays() {
        String secret = "ghp_" + "a1B2".repeat(9);

        assertThat(LogText.masked("refused: " + secret + " is mine"))
                .startsWith("refused: ")
                .endsWith(" is mine")
                .doesNotContain(secret);
    }

    @Test
    void noText_isSaidToBeNone() {
        assertThat(LogText.masked(null)).isEqualTo("no message");
    }
}
