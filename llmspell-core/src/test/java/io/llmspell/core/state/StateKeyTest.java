package io.llmspell.core.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The encoding of keys: exact inverse, no collisions, a scope is one range, UTF-8 order within it. */
class StateKeyTest {
    /** Separators, length bytes, combining marks and both ends of each plane. */
    private static final List<String> HOSTILE = List.of(
            "a",
            "b",
            ":",
            "/",
            "agent",
            "global",
            "step",
            " ",
            "é",
            "e\u0301",
            "\uFB2C",
            "😀",
            "\uFFFD",
            "\uE000",
            "\uD7FF",
            "\uDBFF\uDFFD",
            "ÿ",
            "Ā",
            ".",
            "_",
            "$",
            "x".repeat(40),
            "%00");

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(HOSTILE).list().ofMinSize(1).ofMaxSize(6).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<Scope> scopes() {
        Arbitrary<Scope> one = Combinators.combine(Arbitraries.of(ScopeKind.values()), texts())
                .as((kind, id) -> kind.ids() == 1 ? scope(kind, List.of(id)) : Optional.of(Scope.GLOBAL))
                .filter(Optional::isPresent)
                .map(Optional::orElseThrow);
        Arbitrary<Scope> two = Combinators.combine(texts(), texts())
                .as((first, second) -> scope(ScopeKind.STEP, List.of(first, second)))
                .filter(Optional::isPresent)
                .map(Optional::orElseThrow);
        return Arbitraries.oneOf(one, two);
    }

    private static Optional<Scope> scope(ScopeKind kind, List<String> ids) {
        try {
            return Optional.of(new Scope(kind, ids));
        } catch (StateException refused) {
            return Optional.empty();
        }
    }

    @Provide
    Arbitrary<StateKey> keys() {
        return Combinators.combine(scopes(), texts())
                .as(StateKeyTest::key)
                .filter(Optional::isPresent)
                .map(Optional::orElseThrow);
    }

    private static Optional<StateKey> key(Scope scope, String key) {
        try {
            return Optional.of(StateKey.of(scope, key));
        } catch (StateException refused) {
            return Optional.empty();
        }
    }

    @Provide
    Arbitrary<List<StateKey>> manyKeys() {
        return keys().list().ofSize(1_000);
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void encoded_ofManyKeys_isReadBackExactlyAndNeverCollides(@ForAll("manyKeys") List<StateKey> keys) {
        Map<Bytes, StateKey> byCode = new HashMap<>();
        for (StateKey key : keys) {
            assertThat(StateKey.keyOf(key.scope(), key.encoded())).isEqualTo(key.key());
            assertThat(Normalizer.isNormalized(key.key(), Normalizer.Form.NFC)).isTrue();
            assertThat(Scope.parse(key.scope().text())).isEqualTo(key.scope());
            assertThat(StateKey.of(key.scope(), key.key())).isEqualTo(key).hasSameHashCodeAs(key);
            StateKey other = byCode.putIfAbsent(key.encoded(), key);
            if (other != null) {
                assertThat(other.scope()).isEqualTo(key.scope());
                assertThat(other.key()).isEqualTo(key.key());
            }
        }
    }

    @Property(tries = 1_000)
    void prefix_coversItsScopeAndNoOther(@ForAll("scopes") Scope scope, @ForAll("keys") StateKey key) {
        boolean inside = Range.prefix(StateKey.prefix(scope)).contains(key.encoded());

        assertThat(inside).isEqualTo(scope.equals(key.scope()));
    }

    @Property(tries = 1_000)
    void order_withinAScope_isThatOfUtf8(
            @ForAll("scopes") Scope scope, @ForAll("texts") String a, @ForAll("texts") String b) {
        Optional<StateKey> first = key(scope, a);
        Optional<StateKey> second = key(scope, b);
        if (first.isPresent() && second.isPresent()) {
            Bytes left = Bytes.own(first.get().key().getBytes(StandardCharsets.UTF_8));
            Bytes right = Bytes.own(second.get().key().getBytes(StandardCharsets.UTF_8));
            assertThat(Integer.signum(
                            first.get().encoded().compareTo(second.get().encoded())))
                    .isEqualTo(Integer.signum(left.compareTo(right)));
        }
    }

    @Test
    void encoded_form_staysAsItIs() {
        assertThat(StateKey.of(Scope.agent("ab"), "k").encoded().toArray())
                .containsExactly(2, 0, 5, 'a', 'g', 'e', 'n', 't', 0, 2, 'a', 'b', 'k');
        assertThat(StateKey.of(Scope.GLOBAL, "k").encoded().toArray())
                .containsExactly(1, 0, 6, 'g', 'l', 'o', 'b', 'a', 'l', 'k');
    }
}
