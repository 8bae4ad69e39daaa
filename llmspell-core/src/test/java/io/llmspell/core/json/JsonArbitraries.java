package io.llmspell.core.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Raw JSON values of every kind, small enough to print in a failure. */
final class JsonArbitraries {
    private JsonArbitraries() {}

    static Arbitrary<@Nullable Object> values() {
        return Arbitraries.recursive(JsonArbitraries::scalars, JsonArbitraries::containers, 0, 3);
    }

    private static Arbitrary<@Nullable Object> containers(Arbitrary<@Nullable Object> inner) {
        Arbitrary<@Nullable Object> lists = inner.list().ofMaxSize(5).map(list -> (Object) list);
        Arbitrary<@Nullable Object> maps =
                Arbitraries.maps(texts(), inner).ofMaxSize(5).map(map -> (Object) map);
        return Arbitraries.oneOf(List.of(inner, lists, maps));
    }

    private static Arbitrary<@Nullable Object> scalars() {
        Arbitrary<@Nullable Object> scalars = Arbitraries.oneOf(List.of(
                Arbitraries.of(true, false).map(flag -> (Object) flag),
                texts().map(text -> (Object) text),
                numbers().map(number -> (Object) number)));
        return scalars.injectNull(0.1);
    }

    static Arbitrary<Number> numbers() {
        return Arbitraries.oneOf(List.of(
                Arbitraries.longs().map(number -> (Number) number),
                Arbitraries.integers().map(number -> (Number) number),
                Arbitraries.doubles().map(number -> (Number) number),
                Arbitraries.of(-0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.parseDouble("1e23"), 0.1)
                        .map(number -> (Number) number),
                wholes().map(number -> (Number) number),
                Combinators.combine(wholes(), Arbitraries.integers().between(-60, 60))
                        .as((digits, scale) -> (Number) new BigDecimal(digits, scale))));
    }

    private static Arbitrary<BigInteger> wholes() {
        return Arbitraries.bigIntegers().between(BigInteger.TEN.pow(40).negate(), BigInteger.TEN.pow(40));
    }

    static Arbitrary<String> texts() {
        Arbitrary<Integer> characters = Arbitraries.oneOf(List.of(
                Arbitraries.integers().between(' ', '~'),
                Arbitraries.of((int) '"', (int) '\\', (int) '/', (int) '\n', (int) '\b', 0, 0x1F, 0x7F, 0x80, 0x2028),
                Arbitraries.integers().between(0x80, 0xD7FF),
                Arbitraries.integers().between(0xE000, 0xFFFF),
                Arbitraries.integers().between(0x10000, 0x10FFFF)));
        return characters.list().ofMaxSize(12).map(all -> {
            StringBuilder text = new StringBuilder();
            all.forEach(text::appendCodePoint);
            return text.toString();
        });
    }
}
