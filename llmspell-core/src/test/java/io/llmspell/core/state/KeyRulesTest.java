package io.llmspell.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmspell.core.error.ErrorCode;
import java.text.Normalizer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict of each rule for keys and for ids of scopes. */
class KeyRulesTest {
    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("", 0, "is empty"),
                Arguments.of("x".repeat(257), 256, "is 257 characters long, at most 256 allowed"),
                Arguments.of("😀".repeat(257), 256, "is 257 characters long"),
                Arguments.of("\uFB2C".repeat(256), 256, "is 768 characters long"), // NFC makes three of each
                Arguments.of("a/../b", 2, "has \"..\""),
                Arguments.of("..", 0, "has \"..\""),
                Arguments.of("a\\b", 1, "has \"\\\""),
                Arguments.of("a//b", 1, "has \"//\""),
                Arguments.of("http://x", 5, "has \"//\""),
                Arguments.of("a\u0000b", 1, "U+0000"),
                Arguments.of("a\nb", 1, "U+000A"),
                Arguments.of("a\u007F", 1, "U+007F"),
                Arguments.of("a\u0085", 1, "U+0085"),
                Arguments.of("\uD83Dx", 0, "an unpaired surrogate"),
                Arguments.of("x\uDE00", 1, "an unpaired surrogate"),
                Arguments.of("a\u202Eb", 1, "the bidirectional control U+202E"),
                Arguments.of("a\u2066b", 1, "the bidirectional control U+2066"),
                Arguments.of("a\u200Fb", 1, "the bidirectional control U+200F"),
                Arguments.of("a\u061Cb", 1, "the bidirectional control U+061C"),
                Arguments.of("__hidden", 0, "begins with \"__\""),
                Arguments.of("$$hidden", 0, "begins with \"$$\""));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void key_thatBreaksARule_isRefusedWithThePosition(String key, int position, String words) {
        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> StateKey.of(Scope.GLOBAL, key))
                .withMessageContaining(words)
                .withMessageContaining("scope global")
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY);
                    assertThat(e.details()).containsEntry("position", position);
                    assertThat(e.text().chars().noneMatch(Character::isISOControl))
                            .isTrue();
                });
    }

    @ParameterizedTest
    @MethodSource("refused")
    void id_thatBreaksARule_isRefusedAlike(String id, int position, String words) {
        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> Scope.agent(id))
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY));
        assertThatExceptionOfType(StateException.class).isThrownBy(() -> Scope.parse("step:w:" + id));
    }

    static Stream<String> accepted() {
        return Stream.of(
                "x",
                "x".repeat(256),
                "😀".repeat(256),
                "a/b/c.d",
                "a.b",
                "_x",
                "$x",
                "a__b",
                "key with spaces",
                "user:1",
                "\u037E", // becomes a semicolon
                "\uFF0E\uFF0E/", // NFKC would make "../" of it; NFC leaves it alone
                "e\u0301",
                "ключ",
                "鍵",
                "a\u200Db", // joiners are part of words and emoji
                "%2e%2e%2f");
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void key_withinTheRules_comesBackNormalised(String key) {
        StateKey checked = StateKey.of(Scope.GLOBAL, key);

        assertThat(checked.key()).isEqualTo(Normalizer.normalize(key, Normalizer.Form.NFC));
        assertThat(StateKey.keyOf(Scope.GLOBAL, checked.encoded())).isEqualTo(checked.key());
    }

    @Test
    void key_composedAndDecomposed_areTheSame() {
        assertThat(StateKey.of(Scope.agent("e\u0301"), "\u212B"))
                .isEqualTo(StateKey.of(Scope.agent("\u00E9"), "A\u030A"))
                .hasSameHashCodeAs(StateKey.of(Scope.agent("\u00E9"), "\u00C5"));
    }

    @Test
    void key_decomposedTooLong_butComposedNot_isAccepted() {
        assertThatCode(() -> StateKey.of(Scope.GLOBAL, "e\u0301".repeat(256))).doesNotThrowAnyException();
    }
}
