package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange.Put;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The documented verdict on each kind of key, and that two forms of one text are one key. */
final class KeyVerdictsCheck {
    private static final Map<String, Integer> REFUSED = refused();
    private static final Map<String, String> TAKEN = taken();

    private KeyVerdictsCheck() {}

    /** Keeps a value under a key and gives the key as it is listed. */
    interface Keeper {
        String keep(String key);
    }

    /** By the position that the error names. */
    private static Map<String, Integer> refused() {
        Map<String, Integer> keys = new LinkedHashMap<>();
        keys.put("", 0);
        keys.put("a".repeat(257), 256);
        keys.put("\uFB2C".repeat(256), 256); // three characters each after NFC
        keys.put("a..b", 1);
        keys.put("../x", 0);
        keys.put("a\\b", 1);
        keys.put("a//b", 1);
        keys.put("a\0b", 1);
        keys.put("a\nb", 1);
        keys.put("a\u007Fb", 1);
        keys.put("a\u0085b", 1);
        keys.put("a\uD800b", 1);
        keys.put("\uDC00", 0);
        keys.put("a\u202Eb", 1);
        keys.put("a\u2066b", 1);
        keys.put("a\u200Fb", 1);
        keys.put("__x", 0);
        keys.put("$$x", 0);
        return keys;
    }

    private static Map<String, String> taken() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("a".repeat(256), "a".repeat(256));
        keys.put("😀".repeat(256), "😀".repeat(256));
        keys.put("e\u0301", "é");
        keys.put("é", "é");
        keys.put("e\u0301".repeat(256), "é".repeat(256)); // 512 before NFC
        keys.put("a\u037Eb", "a;b");
        keys.put("a/b.c:d_$", "a/b.c:d_$");
        keys.put("\uFF0E\uFF0E\uFF0F", "\uFF0E\uFF0E\uFF0F"); // only NFKC would make ../ of it
        keys.put(" ", " ");
        return keys;
    }

    static void run(Keeper keeper) {
        TAKEN.forEach(
                (key, kept) -> assertThatCode(() -> assertThat(keeper.keep(key)).isEqualTo(kept))
                        .doesNotThrowAnyException());
        REFUSED.forEach((key, position) -> assertThatThrownBy(() -> keeper.keep(key))
                .as("key of %d characters", key.length())
                .isInstanceOfSatisfying(LlmSpellException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_KEY);
                    assertThat(error.details()).containsEntry("position", position);
                }));
    }

    static Keeper of(StateView state, StateClass stateClass) {
        return key -> {
            state.clear(Scope.GLOBAL);
            state.apply(List.of(new Put(StateKey.of(Scope.GLOBAL, key), 1, null, stateClass)))
                    .orThrow();
            List<String> keys = state.keys(Scope.GLOBAL);
            assertThat(keys).hasSize(1);
            return keys.get(0);
        };
    }
}
