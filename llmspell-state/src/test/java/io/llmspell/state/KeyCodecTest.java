package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Bytes;
import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.Test;

/** No two keys share a place, and an accepted key comes back exactly, whatever is in it. */
@Check("I01")
class KeyCodecTest {
    private static final int TRIES = 10_000;

    /** The codec of the house. */
    static final class House implements KeyCodecCheck.Codec {
        @Override
        public Bytes encode(KeyCodecCheck.Name name) {
            return StateKey.of(new Scope(name.kind(), name.ids()), name.key()).encoded();
        }

        @Override
        public KeyCodecCheck.Name decode(Bytes encoded) {
            StateKey key = StateKey.decode(encoded);
            return new KeyCodecCheck.Name(key.scope().kind(), key.scope().ids(), key.key());
        }
    }

    @Test
    void hostileScopesAndKeys_comeBackExactlyAndStayApart() {
        for (long seed = 1; seed <= 5; seed++) {
            KeyCodecCheck check = new KeyCodecCheck(new House(), seed);

            assertThat(check.run(TRIES)).as("seed " + seed).isEmpty();
            assertThat(check.accepted()).isGreaterThan(TRIES / 4);
        }
    }

    @Test
    void foreignBytes_areRefusedByName() {
        for (String bytes : new String[] {"", "\u0001", "\u0002\u0000\u0009agent", "\u0001\u0000\u0006planetk", "x"}) {
            assertThatThrownBy(() -> StateKey.decode(Bytes.utf8(bytes)))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("[invalid_key]");
        }
        Bytes decomposed = StateKey.prefix(Scope.GLOBAL).plus(Bytes.utf8("e\u0301"));
        assertThatThrownBy(() -> StateKey.decode(decomposed)).hasMessageContaining("it is not normalised");
    }
}
