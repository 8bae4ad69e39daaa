package io.llmspell.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "'', '', true",
        "'', a, false",
        "*, '', true",
        "*, anything, true",
        "a*c, abc, true",
        "a*c, ac, true",
        "a*c, abd, false",
        "a?c, abc, true",
        "a?c, ac, false",
        "*-guard, no-rm-guard, true",
        "a*b*c, axxbyyc, true",
        "a*b*c, axxcyyb, false",
        "exact, exact, true",
        "exact, Exact, false",
    })
    void matches_comparesTheWholeName(String pattern, String name, boolean expected) {
        assertThat(Glob.matches(pattern, name)).isEqualTo(expected);
    }

    @Test
    void matches_withManyStars_isNotExponential() {
        assertThat(Glob.matches("*a".repeat(60) + "b", "a".repeat(5000))).isFalse();
    }
}
