package io.llmspell.core.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactorTest {
    private static final Redactor REDACTOR = Redactor.create();
    private static final String MASK = Redactor.MASK;
    private static final String OPENAI = "sk-" + "aB3_".repeat(12);
    private static final String ANTHROPIC = "sk-ant-" + "aB3_-".repeat(19);
    private static final String AWS = "AKIA" + "ABCD0123".repeat(2);
    private static final String GITHUB = "ghp_" + "aB3x".repeat(9);
    private static final String GITHUB_OAUTH = "gho_" + "aB3x".repeat(9);
    private static final String JWT =
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P";
    private static final String PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIE, \"x\"\n-----END RSA PRIVATE KEY-----";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password", "PASSWORD", "dbPassword", "db_password_2", "passwords", "passwd", "user.passwd", "PWD",
                "oldPwd", "passphrase", "secret", "clientSecret", "secrets", "credential", "aws-credentials", "api_key",
                "apiKey", "APIKey", "API_KEY", "X-Api-Key", "apikey", "api_keys", "privateKey", "private_key",
                "privatekey", "access_token", "accessToken", "token", "csrfToken", "token2", "auth", "x-auth",
                "Authorization", "proxy-authorization", "bearer", "a.b.secret.c", "secretary_password",
            })
    void name_ofASecret_isKnown(String name) {
        assertThat(REDACTOR.secretName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "author",
                "authors",
                "total_tokens",
                "token_count",
                "tokens",
                "key",
                "keys",
                "primaryKey",
                "secretary",
                "tokenizer",
                "tokenizerName",
                "authority",
                "oauth_version",
                "passed",
                "compass",
                "monkey",
                "api",
                "private",
                "keyApi",
                "bearer_name",
                "authType",
                "_",
                "ß",
                "\uD83D",
            })
    void name_ofSomethingHarmless_isNotMasked(String name) {
        assertThat(REDACTOR.secretName(name)).isFalse();
        assertThat(REDACTOR.value(JsonObject.of("x" + name.replace("\uD83D", ""), 1)))
                .isNotNull();
    }

    @Test
    void name_inAnyLocale_isJudgedAlike() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(List.of("API_KEY", "CREDENTIALS", "PRIVATE_KEY", "AUTHORIZATION"))
                    .allMatch(REDACTOR::secretName);
            assertThat(REDACTOR.text("API_KEY=" + "x".repeat(20))).isEqualTo("API_KEY=" + MASK);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void name_veryLong_isStillJudged() {
        assertThat(REDACTOR.secretName("x".repeat(5_000) + "_password")).isTrue();
    }

    static List<String> secrets() {
        return List.of(OPENAI, ANTHROPIC, AWS, GITHUB, GITHUB_OAUTH, JWT, PEM);
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void text_withASecret_losesOnlyTheSecret(String secret) {
        assertThat(REDACTOR.text(secret)).isEqualTo(MASK);
        assertThat(REDACTOR.text("use " + secret + " now")).isEqualTo("use " + MASK + " now");
        assertThat(REDACTOR.text("[" + secret + "] and (" + secret + ")"))
                .isEqualTo("[" + MASK + "] and (" + MASK + ")");
        assertThat(REDACTOR.text("printed: \\n" + secret)).isEqualTo("printed: \\n" + MASK);
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void text_withASecretInAnAssignment_losesIt(String secret) {
        for (String before : List.of("key=", "api_token: ", "secret = \"", "\"password\":\"", "bearer ")) {
            assertThat(REDACTOR.text(before + secret + "\""))
                    .startsWith(before + MASK)
                    .doesNotContain(secret);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key=%s",
                "api_key: %s",
                "apikey=%s",
                "KEY = %s",
                "token=%s",
                "access-token: %s",
                "Token: Bearer %s",
                "bearer: %s",
                "Authorization: Bearer %s",
                "authorization: bearer %s",
                "{\"key\": \"%s\"}",
                "{'token':'%s'}",
                "{\\\"token\\\":\\\"%s\\\"}",
                "token:\t%s",
            })
    void assignment_ofTwentyOrMore_isMasked(String form) {
        String twenty = "0123456789abcdefghij";

        assertThat(REDACTOR.text(form.formatted(twenty))).doesNotContain(twenty).contains(MASK);
        assertThat(REDACTOR.text(form.formatted(twenty.substring(1)))).contains(twenty.substring(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password=%s",
                "Password: %s",
                "db_password = '%s'",
                "{\"password\":\"%s\"}",
                "{'secret': '%s'}",
                "client_secret=%s, x=1",
                "{\\\"password\\\": \\\"%s\\\"}",
                "PASSWORD:%s",
            })
    void assignment_ofAPasswordOfEightOrMore_isMasked(String form) {
        assertThat(REDACTOR.text(form.formatted("hunter22")))
                .doesNotContain("hunter22")
                .contains(MASK);
        assertThat(REDACTOR.text(form.formatted("hunter2"))).contains("hunter2");
    }

    @Test
    void password_inQuotes_isMaskedToTheClosingQuote() {
        assertThat(REDACTOR.text("{\"password\": \"correct, horse; battery\", \"a\": \"b\"}"))
                .isEqualTo("{\"password\": \"" + MASK + "\", \"a\": \"b\"}");
        assertThat(REDACTOR.text("password: \"not closed here\nnext line"))
                .isEqualTo("password: \"not closed here\nnext line");
        assertThat(REDACTOR.text("{\"password\":\"ab\\\"cd\\\\\",\"a\":\"b\"}"))
                .isEqualTo("{\"password\":\"" + MASK + "\",\"a\":\"b\"}");
        assertThat(REDACTOR.text("{\\\"secret\\\":\\\"a, b, c, d\\\",\\\"a\\\":1}"))
                .isEqualTo("{\\\"secret\\\":\\\"" + MASK + "\\\",\\\"a\\\":1}");
        assertThat(REDACTOR.text("password='it is \"quoted\"'")).isEqualTo("password='" + MASK + "'");
    }

    @Test
    void password_thatIsAKeyBlock_isMaskedWhole() {
        assertThat(REDACTOR.text("password: \"" + PEM + "\" end")).isEqualTo("password: \"" + MASK + "\" end");
        assertThat(REDACTOR.text("key=x" + PEM + "tail-of-it")).isEqualTo("key=" + MASK);
    }

    @Test
    void keyBlock_cutOffOrOfAnotherKind_isMaskedToTheEnd() {
        assertThat(REDACTOR.text("a -----BEGIN PRIVATE KEY-----\nMIIE")).isEqualTo("a " + MASK);
        assertThat(REDACTOR.text("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE"))
                .isEqualTo(MASK);
        assertThat(REDACTOR.text("-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----!"))
                .isEqualTo(MASK + "!");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the author wrote 500 total_tokens",
                "a desk-top and a risk-free task",
                "key: short",
                "monkeys: many",
                "password: none",
                "tokenizer=cl100k_base_and_some_more",
                "the key is 311 characters long",
                "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
                "-----BEGIN ",
                "AKIA is a prefix",
                "sk-short",
                "secretary: Ms. Miller-Jones",
                "bearer",
                "password",
                "token =",
                "eyJhbGciOiJIUzI1NiJ9",
                "task-0123456789abcdef0123456789abcdef0123456789abcdef0123",
                "the bearer of good news",
            })
    void text_thatIsHarmless_isReturnedItself(String text) {
        assertThat(REDACTOR.text(text)).isSameAs(text);
    }

    @Test
    void value_anywhere_isMaskedBelowSecretNames() {
        JsonObject value = JsonObject.of(
                "user",
                "ann",
                "password",
                "x",
                "auth",
                JsonObject.of("deep", JsonArray.of("y", 1)),
                "token",
                null,
                "apiKey",
                true,
                "total_tokens",
                12,
                "list",
                JsonArray.of("note", "key=" + OPENAI, JsonObject.of("clientSecret", 5)));

        assertThat(REDACTOR.value(value))
                .isEqualTo(JsonObject.of(
                        "user",
                        "ann",
                        "password",
                        MASK,
                        "auth",
                        MASK,
                        "token",
                        null,
                        "apiKey",
                        true,
                        "total_tokens",
                        12,
                        "list",
                        JsonArray.of("note", "key=" + MASK, JsonObject.of("clientSecret", MASK))));
        assertThat(value).containsEntry("password", "x");
    }

    @Test
    void value_withNothingToMask_isReturnedItself() {
        JsonObject plain = JsonObject.of("a", JsonArray.of(1, "b", null), "password", MASK, "token", null);

        assertThat(REDACTOR.value(plain)).isSameAs(plain);
        assertThat(REDACTOR.value(null)).isNull();
        assertThat(REDACTOR.value(7L)).isEqualTo(7L);
        assertThat(REDACTOR.value(AWS)).isEqualTo(MASK);
    }

    @Test
    void value_thatGrows_isMaskedAllTheSame() {
        Object large =
                JsonValues.checked(Collections.nCopies(300_000, Map.of("password", "secret: x")), JsonLimits.TOOL);

        assertThat((List<?>) REDACTOR.value(large)).hasSize(300_000).first().isEqualTo(Map.of("password", MASK));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-",
                "eyJ-",
                "eyJ.",
                "key=",
                "key:'",
                "key=\"",
                "password=\"",
                "password='\" ",
                "secret:",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY",
                "key=-----BEGIN ",
                "bearer ",
                "token:bearer ",
                "-----",
                "AKIA",
                "\"",
                "k",
            })
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void text_adversarial_takesLinearTime(String part) {
        String text = part.repeat(2_000_000 / part.length());

        assertThat(REDACTOR.text(text)).isNotNull();
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> parts = Arbitraries.of(
                OPENAI,
                ANTHROPIC,
                AWS,
                GITHUB,
                JWT,
                PEM,
                "-----BEGIN PRIVATE KEY-----",
                "-----END ",
                "-----",
                "key",
                "token",
                "bearer ",
                "Bearer",
                "password",
                "secret",
                "=",
                ":",
                " ",
                "\t",
                "\"",
                "'",
                ",",
                ";",
                "\\",
                "\n",
                ".",
                "x",
                "hunter22",
                "0123456789",
                "abcdefghijklm",
                MASK,
                "sk-",
                "é",
                "[",
                "]",
                "AKIA");
        return parts.list().ofMaxSize(14).map(list -> String.join("", list));
    }

    @Property(tries = 3_000, edgeCases = net.jqwik.api.EdgeCasesMode.NONE)
    void text_redactedTwice_isAsOnce(@ForAll("texts") String text) {
        String once = REDACTOR.text(text);

        assertThat(REDACTOR.text(once)).isEqualTo(once);
        assertThat(once).doesNotContain(PEM);
    }
}
