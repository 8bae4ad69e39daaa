package io.llmspell.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class NearestTest {
    private static final List<String> NAMES = List.of("calculator", "text_manipulation", "calendar", "file_reader");

    @Test
    void of_slip_findsTheNameMeant() {
        assertThat(Nearest.of("calcualtor", NAMES)).containsExactly("calculator");
        assertThat(Nearest.of("CALCULATOR", NAMES)).containsExactly("calculator");
        assertThat(Nearest.of("calcutator", NAMES)).first().isEqualTo("calculator");
        assertThat(Nearest.of("file_raeder", NAMES)).containsExactly("file_reader");
        assertThat(Nearest.of("zzzzzz", NAMES)).isEmpty();
        assertThat(Nearest.of("", List.of("abc"))).isEmpty();
    }

    @Test
    void of_manyNear_givesThreeNearestFirst() {
        assertThat(Nearest.of("abcd", List.of("abxy", "abcx", "abce", "abcd", "abca")))
                .containsExactly("abcd", "abca", "abce");
    }

    @Test
    void of_swappedLetters_countAsOneSlip() {
        assertThat(Nearest.of("ba", List.of("ab", "xy"))).first().isEqualTo("ab");
        assertThat(Nearest.of("acbedf", List.of("abcdef"))).containsExactly("abcdef");
    }

    @Test
    @Timeout(5)
    void of_longText_isNotEvenTried() {
        assertThat(Nearest.of("x".repeat(129), List.of("x".repeat(129)))).isEmpty();
        assertThat(Nearest.of("x".repeat(128), List.of("x".repeat(128)))).hasSize(1);
    }

    @Test
    void hint_namesWhatIsNear() {
        assertThat(Nearest.hint("abcd", List.of("abce", "abcf", "zzzzzzzz")))
                .isEqualTo("did you mean \"abce\" or \"abcf\"?");
        assertThat(Nearest.hint("qqqqqq", List.of("abce"))).isEmpty();
    }
}
