package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.storage.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check of the encoding of keys must find those that lose characters or borders. */
class KeyCodecFaultTest {
    /** Encodes whatever it gets: the library turns half a surrogate pair into a question mark. */
    private static final class Unchecked implements KeyCodecCheck.Codec {
        @Override
        public Bytes encode(KeyCodecCheck.Name name) {
            KeyCodecCheck.Name normal = name.normal();
            List<String> parts = new ArrayList<>(List.of(normal.kind().id()));
            parts.addAll(normal.ids());
            parts.add(normal.key());
            return Bytes.own(String.join("\u0000\u0000", parts).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public KeyCodecCheck.Name decode(Bytes encoded) {
            return new KeyCodecCheck.Name(ScopeKind.GLOBAL, List.of(), encoded.text());
        }
    }

    /** The house's rules, but texts are joined with a colon. */
    private static final class Joined implements KeyCodecCheck.Codec {
        @Override
        public Bytes encode(KeyCodecCheck.Name name) {
            new KeyCodecTest.House().encode(name);
            KeyCodecCheck.Name normal = name.normal();
            return Bytes.utf8(normal.kind().id() + ":" + String.join(":", normal.ids()) + ":" + normal.key());
        }

        @Override
        public KeyCodecCheck.Name decode(Bytes encoded) {
            return new KeyCodecCheck.Name(ScopeKind.GLOBAL, List.of(), encoded.text());
        }
    }

    @Test
    void codecThatTakesHalfSurrogates_isFound() {
        assertThat(new KeyCodecCheck(new Unchecked(), 1).run(10_000))
                .anyMatch(each -> each.startsWith("one place for"));
    }

    @Test
    void codecWithoutLengths_isFound() {
        assertThat(new KeyCodecCheck(new Joined(), 1).run(10_000)).anyMatch(each -> each.startsWith("one place for"));
    }

    @Test
    void codecThatForgetsToNormalise_isFound() {
        KeyCodecCheck.Codec raw = new KeyCodecCheck.Codec() {
            @Override
            public Bytes encode(KeyCodecCheck.Name name) {
                return new KeyCodecTest.House().encode(name);
            }

            @Override
            public KeyCodecCheck.Name decode(Bytes encoded) {
                KeyCodecCheck.Name name = new KeyCodecTest.House().decode(encoded);
                return new KeyCodecCheck.Name(
                        name.kind(), name.ids(), name.key().replace("é", "e\u0301"));
            }
        };
        assertThat(new KeyCodecCheck(raw, 1).run(10_000)).anyMatch(each -> each.startsWith("came back changed"));
    }
}
