package io.llmspell.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonCheckerTest {
    private static final JsonLimits WIDE = JsonLimits.VALUE;

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of((byte) 7, 7L),
                Arguments.of((short) 7, 7L),
                Arguments.of(7, 7L),
                Arguments.of(7L, 7L),
                Arguments.of(1.5f, 1.5),
                Arguments.of(-0.0, -0.0),
                Arguments.of(BigInteger.valueOf(Long.MAX_VALUE), Long.MAX_VALUE),
                Arguments.of(BigInteger.valueOf(Long.MIN_VALUE), Long.MIN_VALUE),
                Arguments.of(new BigInteger("9223372036854775808"), new BigInteger("9223372036854775808")),
                Arguments.of(new BigDecimal("1.50"), new BigDecimal("1.50")));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void number_anyType_becomesTheTypeOfTheHouse(Number raw, Number expected) {
        assertThat(JsonValues.checked(raw, WIDE)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void number_notFinite_isRefused(double raw) {
        refused(() -> JsonValues.checked(raw, WIDE), ErrorCode.VALUE_NOT_CONVERTIBLE, raw + " is no JSON number");
        refused(
                () -> JsonValues.checked(Map.of("a", List.of((float) raw)), WIDE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "value.a[0]");
    }

    @Test
    void number_ofForeignType_isRefused() {
        refused(
                () -> JsonValues.checked(new AtomicInteger(1), WIDE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "a AtomicInteger is no JSON number");
    }

    @Test
    void number_ofThousandDigits_isTheLongest() {
        BigInteger longest = BigInteger.TEN.pow(1_000).subtract(BigInteger.ONE);

        assertThat(JsonValues.checked(longest, WIDE)).isEqualTo(longest);
        refused(
                () -> JsonValues.checked(longest.add(BigInteger.ONE), WIDE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "more than 1000 digits");
        refused(
                () -> JsonValues.checked(BigInteger.ONE.shiftLeft(100_000_000), WIDE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "more than 1000 digits");
        refused(
                () -> JsonValues.checked(new BigDecimal(BigInteger.ONE.shiftLeft(100_000_000), 5), WIDE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "more than 1000 digits");
    }

    @Test
    void number_withHugeExponent_isRefused() {
        BigDecimal largest = new BigDecimal("1e999");
        BigDecimal smallest = new BigDecimal("1e-1000");

        assertThat(JsonValues.checked(largest, WIDE)).isEqualTo(largest);
        assertThat(JsonValues.checked(smallest, WIDE)).isEqualTo(smallest);
        for (String text : List.of("1e1000", "1e-1002", "1e99999999", "1e-99999999", "1e2147483647")) {
            refused(
                    () -> JsonValues.checked(new BigDecimal(text), WIDE),
                    ErrorCode.VALUE_NOT_CONVERTIBLE,
                    "the exponent of a number is beyond 1000");
        }
    }

    @Test
    void depth_atTheLimit_passesAndOneMoreDoesNot() {
        JsonLimits limits = new JsonLimits(3, 100, 1_000);

        assertThat(JsonValues.checked(nested(3), limits)).isNotNull();
        refused(() -> JsonValues.checked(nested(4), limits), ErrorCode.VALUE_TOO_LARGE, "nested deeper than 3 levels");
        assertThat(JsonValues.checked(nested(64), WIDE)).isNotNull();
        refused(() -> JsonValues.checked(nested(65), WIDE), ErrorCode.VALUE_TOO_LARGE, "nested deeper than 64 levels");
    }

    @Test
    void depth_ofTrustedPart_countsFromWhereItStands() {
        JsonLimits limits = new JsonLimits(3, 100, 1_000);
        Object trusted = JsonValues.checked(nested(2), limits);

        assertThat(JsonValues.checked(Arrays.asList(trusted), limits)).isNotNull();
        refused(
                () -> JsonValues.checked(List.of(List.of(java.util.Objects.requireNonNull(trusted))), limits),
                ErrorCode.VALUE_TOO_LARGE,
                "value[0][0] is nested deeper than 3 levels");
    }

    @Test
    void depth_siblings_doNotAddUp() {
        JsonLimits limits = new JsonLimits(3, 100, 1_000);
        Object checked = JsonValues.checked(List.of(nested(2), nested(1), nested(2)), limits);

        assertThat(JsonValues.checked(checked, limits)).isSameAs(checked);
        assertThat(((CheckedArray) java.util.Objects.requireNonNull(checked))
                        .measure()
                        .depth())
                .isEqualTo(3);
    }

    @Test
    void nodes_atTheLimit_passAndOneMoreDoesNot() {
        JsonLimits limits = new JsonLimits(64, 5, 1_000);

        assertThat(JsonValues.checked(List.of(1, 2, 3, 4), limits)).isNotNull();
        refused(
                () -> JsonValues.checked(List.of(1, 2, 3, 4, 5), limits),
                ErrorCode.VALUE_TOO_LARGE,
                "has more than 5 nodes");
    }

    @Test
    void nodes_endlessIterable_stopAtTheLimit() {
        Iterable<Integer> endless = () -> IntStream.iterate(0, i -> i + 1).iterator();

        refused(() -> JsonValues.checked(endless, WIDE), ErrorCode.VALUE_TOO_LARGE, "has more than 100000 nodes");
    }

    @Test
    void nodes_sharedLists_countWhereTheyStand() {
        Object shared = List.of(1);
        for (int i = 0; i < 24; i++) {
            shared = List.of(shared, shared);
        }
        Object bomb = shared;

        refused(() -> JsonValues.checked(bomb, WIDE), ErrorCode.VALUE_TOO_LARGE, "has more than 100000 nodes");
    }

    @Test
    void nodes_sharedTrustedParts_doNotOverflowTheirCounter() {
        JsonLimits vast = new JsonLimits(64, Integer.MAX_VALUE, Long.MAX_VALUE);
        Object shared = List.of(1);
        for (int i = 0; i < 29; i++) {
            shared = java.util.Objects.requireNonNull(JsonValues.checked(List.of(shared, shared), vast));
        }
        Object bomb = List.of(shared, shared, shared, shared);

        refused(() -> JsonValues.checked(bomb, vast), ErrorCode.VALUE_TOO_LARGE, "nodes");
    }

    @Test
    void shared_partWithoutCycle_isAllowedAndCounted() {
        Map<String, Object> part = Map.of("a", 1);
        CheckedArray twice = (CheckedArray) JsonValues.array(List.of(part, part), WIDE);

        assertThat(twice.measure()).isEqualTo(new Measure(2, 5, "[{\"a\":1},{\"a\":1}]".length()));
    }

    @Test
    void cycle_anyWay_isRefusedWithItsPath() {
        List<Object> list = new ArrayList<>();
        Map<String, Object> map = new HashMap<>();
        list.add(map);
        map.put("back", list);

        refused(
                () -> JsonValues.checked(list, WIDE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "value[0].back cannot be converted: it contains itself");
    }

    @Test
    void equalButDistinctParts_areNoCycle() {
        assertThat(JsonValues.checked(List.of(new ArrayList<>(), new ArrayList<>()), WIDE))
                .isEqualTo(List.of(List.of(), List.of()));
        assertThat(JsonValues.checked(List.of(List.of(new ArrayList<>())), WIDE))
                .isNotNull();
    }

    @Test
    void trusted_underSmallerLimits_isRefusedForEachOfThem() {
        Object value = JsonValues.checked(Map.of("a", List.of(1, 2, 3)), WIDE);

        assertThat(JsonValues.checked(value, new JsonLimits(2, 5, 13))).isSameAs(value);
        refused(() -> JsonValues.checked(value, new JsonLimits(1, 5, 13)), ErrorCode.VALUE_TOO_LARGE, "deeper than 1");
        refused(() -> JsonValues.checked(value, new JsonLimits(2, 4, 13)), ErrorCode.VALUE_TOO_LARGE, "than 4 nodes");
        refused(() -> JsonValues.checked(value, new JsonLimits(2, 5, 12)), ErrorCode.VALUE_TOO_LARGE, "than 12 bytes");
    }

    @Test
    void trusted_large_isCheckedWithoutAWalk() {
        Object large = JsonValues.checked(Collections.nCopies(90_000, "text"), WIDE);

        // A walk of 90,000 nodes, 200,000 times, would take minutes.
        for (int i = 0; i < 200_000; i++) {
            assertThat(JsonValues.checked(large, WIDE) == large).isTrue();
        }
    }

    @Test
    void nullMembers_andOrder_areKept() {
        Map<String, @Nullable Object> raw = new LinkedHashMap<>();
        raw.put("z", null);
        raw.put("a", 1);
        raw.put("m", Arrays.asList(null, true, null));

        JsonObject object = JsonValues.object(raw, WIDE);

        assertThat(object.keySet()).containsExactly("z", "a", "m");
        assertThat(object).containsEntry("z", null);
        assertThat((List<?>) object.get("m")).isEqualTo(Arrays.asList(null, true, null));
    }

    @Test
    void raw_changedAfterTheCheck_changesNothing() {
        List<Object> inner = new ArrayList<>(List.of(1));
        Map<String, Object> raw = new HashMap<>(Map.of("a", inner));
        JsonObject object = JsonValues.object(raw, WIDE);

        inner.add(2);
        raw.put("b", 3);

        assertThat(object).isEqualTo(Map.of("a", List.of(1L)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "a\uDE00", "\uDE00\uD83D", "x\uD83Dy"})
    void text_withHalfASurrogatePair_isRefused(String text) {
        refused(() -> JsonValues.checked(text, WIDE), ErrorCode.VALUE_NOT_CONVERTIBLE, "lone surrogate at position");
        refused(
                () -> JsonValues.checked(Map.of(text, 1), WIDE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "lone surrogate at position");
    }

    @Test
    void errors_aboutABadKey_canBeShownAsJson() {
        JsonValueException error = (JsonValueException)
                org.assertj.core.api.Assertions.catchThrowable(() -> JsonValues.checked(Map.of("\uD83D", 1), WIDE));

        assertThat(JsonErrors.object(error)).containsEntry("message", error.text());
        assertThat(error.details()).containsEntry("path", "value.\uFFFD");
    }

    @Test
    void key_thatIsNoText_isRefused() {
        Map<@Nullable Object, Object> withNull = new HashMap<>();
        withNull.put(null, 1);

        refused(() -> JsonValues.checked(Map.of(1, 2), WIDE), ErrorCode.VALUE_NOT_CONVERTIBLE, "a key is the number 1");
        refused(() -> JsonValues.checked(withNull, WIDE), ErrorCode.VALUE_NOT_CONVERTIBLE, "a key is null");
        refused(
                () -> JsonValues.checked(Map.of(List.of(), 2), WIDE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "a key is an array");
    }

    @Test
    @SuppressWarnings("IdentityHashMapUsage") // the point of the test: a map that holds equal keys
    void key_thatOccursTwice_isRefused() {
        Map<String, Object> raw = new IdentityHashMap<>();
        raw.put(new String(new char[] {'k'}), 1);
        raw.put(new String(new char[] {'k'}), 2);

        refused(() -> JsonValues.checked(raw, WIDE), ErrorCode.VALUE_NOT_CONVERTIBLE, "the key occurs twice");
    }

    @Test
    void foreignType_isRefusedByNameAndPath() {
        refused(
                () -> JsonValues.checked(Map.of("list", List.of(1, Locale.ROOT)), WIDE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "value.list[1] cannot be converted: a Locale is no JSON value");
    }

    @Test
    void path_longOrDeep_isShortened() {
        Object raw = new Object();
        for (int i = 0; i < 20; i++) {
            raw = Map.of("k".repeat(50), raw);
        }
        Object deep = raw;

        assertThatThrownBy(() -> JsonValues.checked(deep, WIDE))
                .satisfies(error -> assertThat(error.getMessage())
                        .contains("value." + "k".repeat(40) + "….")
                        .contains("…… cannot be converted"));
    }

    private static Object nested(int depth) {
        Object value = List.of();
        for (int i = 1; i < depth; i++) {
            value = i % 2 == 0 ? List.of(value) : Map.of("m", value);
        }
        return value;
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        JsonValueException.class,
                        error -> assertThat(error.code()).isEqualTo(code))
                .hasMessageContaining(text)
                .hasMessageEndingWith("[" + code.id() + "]");
    }
}
