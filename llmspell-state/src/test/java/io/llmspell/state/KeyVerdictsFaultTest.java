package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link KeyVerdictsTest} is there for: keys that are checked at the wrong time or normalised in the wrong way. */
@Timeout(60)
class KeyVerdictsFaultTest {
    private static void red(KeyVerdictsCheck.Keeper keeper) {
        assertThatThrownBy(() -> KeyVerdictsCheck.run(keeper)).isInstanceOf(AssertionError.class);
    }

    @Test
    void lengthCheckedOnlyBeforeNfc_isRed() {
        red(key -> {
            boolean fits = key.codePointCount(0, key.length()) <= 256;
            String normal = Normalizer.normalize(key, Normalizer.Form.NFC);
            boolean grows = normal.codePointCount(0, normal.length()) > 256;
            return fits && grows ? normal : StateKey.of(Scope.GLOBAL, key).key();
        });
    }

    @Test
    void notNormalised_isRed() {
        red(key -> {
            StateKey.of(Scope.GLOBAL, key);
            return key;
        });
    }

    @Test
    void compatibilityForm_isRed() {
        red(key -> StateKey.of(Scope.GLOBAL, Normalizer.normalize(key, Normalizer.Form.NFKC))
                .key());
    }
}
