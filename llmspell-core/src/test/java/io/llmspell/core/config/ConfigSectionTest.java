package io.llmspell.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ConfigException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.FailurePolicy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigSectionTest {
    private static final Duration DAY = Duration.ofDays(1);

    private static ConfigSection with(String name, @Nullable Object value) {
        return ConfigSection.of("hooks.caching", java.util.Collections.singletonMap(name, value));
    }

    @Test
    void values_ofTheRightType_areRead() {
        ConfigSection section = ConfigSection.of(
                "hooks",
                Map.of(
                        "text",
                        "a",
                        "flag",
                        true,
                        "count",
                        7L,
                        "share",
                        0.25,
                        "wait",
                        "250ms",
                        "size",
                        "64KiB",
                        "policy",
                        "fail_closed",
                        "words",
                        List.of("a", "b"),
                        "inner",
                        Map.of("x", 1L),
                        "rows",
                        List.of(Map.of("x", 2L))));

        assertThat(section.text("text", "")).isEqualTo("a");
        assertThat(section.flag("flag", false)).isTrue();
        assertThat(section.integer("count", 0, 0, 9)).isEqualTo(7);
        assertThat(section.number("share", 0, 0, 1)).isEqualTo(0.25);
        assertThat(section.duration("wait", DAY, Duration.ZERO, DAY)).isEqualTo(Duration.ofMillis(250));
        assertThat(section.bytes("size", 0, 0, 1 << 20)).isEqualTo(65_536);
        assertThat(section.choice("policy", FailurePolicy.FAIL_OPEN)).isEqualTo(FailurePolicy.FAIL_CLOSED);
        assertThat(section.texts("words", List.of())).containsExactly("a", "b");
        assertThat(section.section("inner").integer("x", 0, 0, 9)).isEqualTo(1);
        assertThat(section.section("inner").path()).isEqualTo("hooks.inner");
        assertThat(section.sections("rows").get(0).integer("x", 0, 0, 9)).isEqualTo(2);
        section.end();
    }

    @Test
    void absentOptions_giveTheDefault() {
        ConfigSection section = ConfigSection.of("hooks", Map.of());

        assertThat(section.text("text", "d")).isEqualTo("d");
        assertThat(section.optionalText("text")).isNull();
        assertThat(section.flag("flag", true)).isTrue();
        assertThat(section.integer("count", 3, 0, 9)).isEqualTo(3);
        assertThat(section.decimal("share", BigDecimal.ONE, BigDecimal.ZERO, BigDecimal.TEN))
                .isEqualTo(BigDecimal.ONE);
        assertThat(section.duration("wait", DAY, Duration.ZERO, DAY)).isEqualTo(DAY);
        assertThat(section.bytes("size", 5, 0, 9)).isEqualTo(5);
        assertThat(section.texts("words", List.of("x"))).containsExactly("x");
        assertThat(section.section("inner").names()).isEmpty();
        assertThat(section.sections("rows")).isEmpty();
        assertThat(section.has("text")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "5s, 5000",
        "1.5s, 1500",
        "10m, 600000",
        "1h, 3600000",
        "1d, 86400000",
        "250 ms, 250",
    })
    void durations_areReadWithTheirUnit(String text, long millis) {
        assertThat(with("wait", text).duration("wait", DAY, Duration.ZERO, DAY)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void wrongValues_areRefusedByName() {
        refused(() -> with("x", 1L).text("x", ""), "hooks.caching.x: is 1, but must be a text");
        refused(() -> with("x", "yes").flag("x", true), "must be true or false");
        refused(() -> with("x", 10L).integer("x", 0, 0, 9), "must be an integer from 0 to 9");
        refused(() -> with("x", 1.5).integer("x", 0, 0, 9), "must be an integer");
        refused(() -> with("x", Double.NaN).number("x", 0, 0, 9), "must be a number");
        refused(() -> with("x", 2.0).number("x", 0, 0, 1), "from 0.0 to 1.0");
        refused(() -> with("x", "5").duration("x", DAY, Duration.ZERO, DAY), "a duration from 0s to 1d, such as");
        refused(() -> with("x", 5L).duration("x", DAY, Duration.ZERO, DAY), "is 5, but must be a duration");
        refused(() -> with("x", "2d").duration("x", DAY, Duration.ZERO, DAY), "is \"2d\"");
        refused(() -> with("x", "9999999999d").duration("x", DAY, Duration.ZERO, DAY), "a duration");
        refused(() -> with("x", "1XB").bytes("x", 0, 0, 9), "a size from 0 to 9 bytes");
        refused(
                () -> with("x", "open").choice("x", FailurePolicy.FAIL_OPEN),
                "one of fail_open, fail_closed, quarantine");
        refused(() -> with("x", List.of(1L)).texts("x", List.of()), "a list of texts");
        refused(() -> with("x", 1L).section("x"), "must be a table of options");
        refused(() -> with("x", 1L).sections("x"), "a list of tables");
        refused(() -> with("x", Arrays.asList(1L)).sections("x"), "hooks.caching.x[0]: is 1");
    }

    @Test
    void end_withAnUnknownOption_namesTheNearest() {
        ConfigSection section = with("max_entry", 1L);
        assertThat(section.integer("max_entries", 1000, 1, 9)).isEqualTo(1000);

        refused(section::end, "hooks.caching.max_entry: no such option, did you mean \"max_entries\"?");
        refused(() -> with("zzzzzzzzz", 1L).end(), "no such option; known are ");
    }

    @Test
    void place_namesTheOptionInMessages() {
        ConfigSection section = ConfigSection.of("a", Map.of("x", 1L), option -> "file:3: " + option);

        refused(() -> section.text("x", ""), "file:3: a.x: is 1");
    }

    private static void refused(ThrowingCallable call, String text) {
        assertThatThrownBy(call)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(text)
                .extracting(error -> ((ConfigException) error).code())
                .isEqualTo(ErrorCode.INVALID_CONFIG);
    }
}
