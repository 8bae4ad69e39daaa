package io.llmspell.core.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ArgumentException;
import java.io.PrintWriter;
import java.io.StringWriter;
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

    @Test
    void error_withSecretsInCauseAndSuppressed_isCopiedWithoutThem() {
        String secret = "ghp_" + "a1B2".repeat(9);
        RuntimeException cause = new IllegalStateException("cause " + secret);
        RuntimeException error = new IllegalStateException("outer " + secret, cause);
        error.addSuppressed(new IllegalArgumentException("beside " + secret));
        cause.addSuppressed(error); // a circle

        Throwable copy = LogText.maskedError(error);

        StringWriter printed = new StringWriter();
        copy.printStackTrace(new PrintWriter(printed));
        assertThat(printed.toString()).doesNotContain(secret).contains("java.lang.IllegalStateException: cause ");
        assertThat(LogText.maskedError(new ArgumentException("no " + secret)).getMessage())
                .startsWith("no ")
                .endsWith("[invalid_argument]")
                .doesNotContain(secret);
        assertThat(copy.getStackTrace()).isEqualTo(error.getStackTrace());
        assertThat(copy.getSuppressed()).hasSize(1);
    }
}
