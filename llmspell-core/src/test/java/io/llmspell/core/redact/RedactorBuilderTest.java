package io.llmspell.core.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactorBuilderTest {
    private static final byte[] KEY = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final Redactor HASHING = Redactor.builder().hashRedacted(KEY).build();
    private static final String OPENAI = "sk-" + "aB3_".repeat(12);

    @Test
    void hash_sameSecret_givesTheSameTwelveDigits() {
        String masked = HASHING.text("a " + OPENAI + " b " + OPENAI + " c sk-" + "zB3_".repeat(12));

        assertThat(masked).matches("a \\[REDACTED:([0-9a-f]{12})] b \\[REDACTED:\\1] c \\[REDACTED:[0-9a-f]{12}]");
        assertThat(masked.substring(3, 24)).isNotEqualTo(masked.substring(masked.length() - 22));
        assertThat(HASHING.value(JsonObject.of("password", "hunter2")))
                .isEqualTo(HASHING.value(JsonObject.of("password", "hunter2")))
                .isNotEqualTo(HASHING.value(JsonObject.of("password", "hunter3")));
    }

    @Test
    void hash_otherKey_givesOtherDigits() {
        Redactor other = Redactor.builder().hashRedacted().build();

        assertThat(other.member("token", "x")).isNotEqualTo(HASHING.member("token", "x"));
        assertThatThrownBy(() -> Redactor.builder().hashRedacted(new byte[15]))
                .hasMessage("key of the redactor is \"15 bytes\", but must be at least 16 bytes [invalid_argument]");
    }

    @Test
    void member_ofASecret_hidesAllButWhatCannotBeOne() {
        assertThat(HASHING.member("api_key", 12345)).asString().matches("\\[REDACTED:[0-9a-f]{12}]");
        assertThat(HASHING.member("api_key", JsonObject.of("deep", JsonArray.of(1, 2))))
                .asString()
                .matches("\\[REDACTED:[0-9a-f]{12}]");
        assertThat(HASHING.member("api_key", null)).isNull();
        assertThat(HASHING.member("api_key", true)).isEqualTo(true);
        assertThat(HASHING.member("author", "Ada")).isEqualTo("Ada");
        Object once = HASHING.member("api_key", "x");
        assertThat(HASHING.member("api_key", once)).isEqualTo(once);
        assertThat(Redactor.create().member("api_key", once)).isEqualTo(once);
    }

    @Test
    void names_ofTheUser_areFoundAsWordsInARow() {
        Redactor redactor =
                Redactor.builder().sensitiveNames(List.of("ssn", "credit_card")).build();

        assertThat(List.of("ssn", "userSsn", "SSN_2", "creditCard", "credit-card.number", "password"))
                .allMatch(redactor::secretName);
        assertThat(List.of("ssnap", "credit", "card", "cardCredit", "key")).noneMatch(redactor::secretName);
        assertThat(redactor.value(JsonObject.of("a", JsonObject.of("creditCard", 4111))))
                .isEqualTo(JsonObject.of("a", JsonObject.of("creditCard", Redactor.MASK)));
        assertThat(Redactor.create().withNames(List.of("ssn")).secretName("ssn"))
                .isTrue();
        assertThatThrownBy(() -> Redactor.builder().sensitiveNames(List.of("42")))
                .hasMessage("sensitive name is \"42\", but must be a name with at least one letter [invalid_argument]");
    }

    @Test
    void patterns_ofTheUser_maskOnlyTheMatch() {
        Redactor redactor = Redactor.builder()
                .valuePatterns(List.of("xoxb- word 10", "ID: digits 8"))
                .build();

        assertThat(redactor.text("use xoxb-0123456789 now")).isEqualTo("use [REDACTED] now");
        assertThat(redactor.text("use xoxb-012345678 now")).isEqualTo("use xoxb-012345678 now");
        assertThat(redactor.text("ID:12345678, ID:1234567")).isEqualTo("[REDACTED], ID:1234567");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "x word", "x word 7", "x word 257", "x word 8 9", "x any 8", "x word eight"})
    void pattern_ofAnotherForm_isRefused(String form) {
        assertThatThrownBy(() -> Redactor.builder().valuePatterns(List.of(form)))
                .hasMessageContaining("value pattern is \"" + form + "\", but must be PREFIX CLASS LENGTH")
                .hasMessageEndingWith("[invalid_argument]");
    }

    @Test
    void configure_section_isTakenOver() {
        ConfigSection section = ConfigSection.of(
                "security", Map.of("sensitive_names", List.of("ssn"), "value_patterns", List.of("xoxb- word 10")));
        Redactor redactor = Redactor.builder().configure(section).build();

        assertThat(redactor.member("ssn", 1)).asString().startsWith("[REDACTED:");
        assertThat(redactor.text("xoxb-0123456789")).startsWith("[REDACTED:");
        section.end();

        Redactor plain = Redactor.builder()
                .configure(ConfigSection.of("security", Map.of("hash_redacted", false)))
                .build();
        assertThat(plain.member("password", "x")).isEqualTo(Redactor.MASK);
        assertThatThrownBy(() -> Redactor.builder()
                        .configure(ConfigSection.of("security", Map.of("value_patterns", List.of("x")))))
                .hasMessageStartingWith(
                        "security.value_patterns: is [x], but must be a list of patterns: value pattern")
                .hasMessageEndingWith("[invalid_config]");
        assertThatThrownBy(() -> Redactor.builder()
                        .configure(ConfigSection.of("security", Map.of("sensitive_names", List.of("1")))))
                .hasMessageStartingWith("security.sensitive_names: is [1], but must be a list of names")
                .hasMessageEndingWith("[invalid_config]");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        OPENAI,
                        "key=",
                        "token",
                        "password",
                        "=",
                        ":",
                        " ",
                        "\"",
                        "hunter22",
                        "0123456789",
                        "abcdefghijkl",
                        Redactor.MASK,
                        "[REDACTED:0123456789ab]",
                        "[",
                        "]",
                        "AKIA",
                        "secret: ",
                        "\n",
                        "-----BEGIN PRIVATE KEY-----")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE)
    void text_hashedTwice_isAsOnce(@ForAll("texts") String text) {
        String once = HASHING.text(text);

        assertThat(HASHING.text(once)).isEqualTo(once);
    }
}
