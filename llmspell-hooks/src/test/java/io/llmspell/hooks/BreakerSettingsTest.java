package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerSettingsTest {
    private static BreakerSettings read(Map<String, Object> options) {
        return BreakerSettings.from(
                ConfigSection.of("hooks.breaker", new java.util.HashMap<>(options)), BreakerSettings.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "default, 3, 30, 2, 50, 2, 15",
        "production, 2, 20, 1, 25, 1, 10",
        "conservative, 5, 60, 3, 100, 3, 30",
    })
    void preset_setsAllMembers(
            String preset, int failures, int window, int slow, int slowMillis, int successes, int open) {
        assertThat(read(Map.of("preset", preset)))
                .isEqualTo(new BreakerSettings(
                        failures,
                        Duration.ofSeconds(window),
                        slow,
                        Duration.ofMillis(slowMillis),
                        successes,
                        Duration.ofSeconds(open),
                        2,
                        Duration.ofMinutes(5)));
    }

    @Test
    void nothingSet_isTheBase() {
        ConfigSection empty = ConfigSection.of("x", Map.of());

        assertThat(BreakerSettings.from(empty, BreakerSettings.CONSERVATIVE)).isEqualTo(BreakerSettings.CONSERVATIVE);
    }

    @Test
    void singleOptions_winOverThePreset() {
        BreakerSettings read = read(Map.of(
                "preset", "production",
                "failure_threshold", 7L,
                "failure_window", "1m",
                "slow_call_threshold", 0L,
                "slow_call_duration", "1s",
                "success_threshold", 4L,
                "open_duration", "2s",
                "backoff_factor", 1.5,
                "max_open_duration", "3s"));

        assertThat(read)
                .isEqualTo(new BreakerSettings(
                        7,
                        Duration.ofMinutes(1),
                        0,
                        Duration.ofSeconds(1),
                        4,
                        Duration.ofSeconds(2),
                        1.5,
                        Duration.ofSeconds(3)));
    }

    @ParameterizedTest
    @CsvSource({
        "preset, fast, 'one of default, production, conservative'",
        "failure_threshold, 0, 'an integer'",
        "open_duration, 10m, 'at most max_open_duration'",
        "max_open_duration, 1s, 'at least open_duration'",
        "open_time, 1s, 'no such option'",
    })
    void wrongOption_isRefusedByName(String option, String value, String text) {
        assertThatThrownBy(() -> read(Map.of(option, value.equals("0") ? (Object) 0L : value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hooks.breaker." + option)
                .hasMessageContaining(text);
    }

    @Test
    void builtByHand_isCheckedToo() {
        assertThatThrownBy(() -> new BreakerSettings(
                        1, Duration.ZERO, 0, Duration.ZERO, 1, Duration.ofSeconds(1), 1, Duration.ofSeconds(1)))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("failure_window");
        assertThatThrownBy(() -> new BreakerSettings(
                        1,
                        Duration.ofSeconds(1),
                        0,
                        Duration.ZERO,
                        1,
                        Duration.ofSeconds(1),
                        Double.NaN,
                        Duration.ofSeconds(1)))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("backoff_factor");
    }
}
