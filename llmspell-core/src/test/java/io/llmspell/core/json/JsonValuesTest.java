package io.llmspell.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class JsonValuesTest {
    static Stream<Arguments> alike() {
        return Stream.of(
                Arguments.of(null, null),
                Arguments.of(true, true),
                Arguments.of("a", "a"),
                Arguments.of(1, 1L),
                Arguments.of(1L, 1.0),
                Arguments.of(1.0f, BigInteger.ONE),
                Arguments.of(0.0, -0.0),
                Arguments.of(0L, -0.0),
                Arguments.of(0.1, new BigDecimal("0.10")),
                Arguments.of(new BigDecimal("1.0"), new BigDecimal("1.00")),
                Arguments.of(Double.parseDouble("1e23"), BigInteger.TEN.pow(23)),
                Arguments.of(List.of(1, List.of()), List.of(1.0, List.of())),
                Arguments.of(ordered("a", 1, "b", null), ordered("b", null, "a", 1.0)));
    }

    @ParameterizedTest
    @MethodSource("alike")
    void same_valuesThatReadAlike_areTheSame(@Nullable Object a, @Nullable Object b) {
        assertThat(JsonValues.same(a, b)).isTrue();
        assertThat(JsonValues.same(b, a)).isTrue();
    }

    static Stream<Arguments> different() {
        return Stream.of(
                Arguments.of(null, false),
                Arguments.of("1", 1L),
                Arguments.of(9007199254740993L, 9007199254740992.0),
                Arguments.of(1L, 2L),
                Arguments.of(new BigInteger("9223372036854775808"), Long.MAX_VALUE),
                Arguments.of(List.of(1, 2), List.of(2, 1)),
                Arguments.of(List.of(1), List.of(1, 2)),
                Arguments.of(List.of(), Map.of()),
                Arguments.of(ordered("a", null), ordered("b", null)),
                Arguments.of(ordered("a", null), Map.of()),
                Arguments.of(Map.of("a", 1), Map.of("a", 2)));
    }

    @ParameterizedTest
    @MethodSource("different")
    void same_valuesThatDiffer_areNot(@Nullable Object a, @Nullable Object b) {
        assertThat(JsonValues.same(a, b)).isFalse();
        assertThat(JsonValues.same(b, a)).isFalse();
    }

    @Test
    void object_ofPairs_keepsThemInOrder() {
        JsonObject object = JsonObject.of("b", 1, "a", null);

        assertThat(object.entrySet().stream().map(Map.Entry::getKey)).containsExactly("b", "a");
        assertThat(object).hasSize(2).containsEntry("a", null);
        assertThat(object.containsKey("c")).isFalse();
        assertThat(JsonObject.empty()).isEmpty();
    }

    @Test
    void object_ofBadPairs_isRefused() {
        assertThatThrownBy(() -> JsonObject.of("a"))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("the last name has no value");
        assertThatThrownBy(() -> JsonObject.of(1, 2))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("member name is \"1\", but must be a text");
    }

    @Test
    void object_andArray_cannotBeChanged() {
        JsonObject object = JsonObject.of("a", JsonArray.of(1));

        assertThatThrownBy(() -> object.put("b", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> object.remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> object.entrySet().iterator().next().setValue(2))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> JsonArray.of(1).set(0, 2)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void with_existingMember_keepsItsPlaceAndTheOriginal() {
        JsonObject before = JsonObject.of("a", 1, "b", 2);
        JsonObject after = before.with("a", "x").with("c", null);

        assertThat(after.keySet()).containsExactly("a", "b", "c");
        assertThat(after).containsEntry("a", "x").containsEntry("c", null);
        assertThat(before).isEqualTo(Map.of("a", 1L, "b", 2L));
        assertThatThrownBy(() -> before.with("d", new Object())).isInstanceOf(JsonValueException.class);
    }

    @Test
    void text_ofAMember_isItsTextOrAnErrorThatNamesIt() {
        JsonObject object = JsonObject.of("a", "x", "n", 1, "z", null);

        assertThat(object.text("a")).isEqualTo("x");
        assertThat(object.text("a", "y")).isEqualTo("x");
        assertThat(object.text("z", "y")).isEqualTo("y");
        assertThat(object.text("none", "y")).isEqualTo("y");
        mismatch(() -> object.text("n"), "\"n\" is a number, but must be text");
        mismatch(() -> object.text("n", "y"), "\"n\" is a number, but must be text");
        mismatch(() -> object.text("none"), "\"none\" is absent, but must be text");
    }

    private static void mismatch(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        JsonValueException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.TYPE_MISMATCH))
                .hasMessageContaining(text);
    }

    @Test
    void typeName_anyValue_isAWordForPeople() {
        assertThat(Stream.of("a", true, 1, Map.of(), List.of(), Locale.ROOT).map(JsonValueException::typeName))
                .containsExactly("a text", "a boolean", "a number", "a map", "an array", "a Locale");
        assertThat(JsonValueException.typeName(null)).isEqualTo("absent");
    }

    @Test
    void invalidSchema_namesPlaceAndProblem() {
        JsonValueException error = JsonValueException.invalidSchema("$.type", "x is no type", null);

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_SCHEMA);
        assertThat(error.text()).isEqualTo("the schema is wrong at $.type: x is no type");
        assertThat(error.details()).isEqualTo(Map.of("path", "$.type", "problem", "x is no type"));
    }

    @Test
    void limits_thatAreNotPositiveOrTooDeep_areRefused() {
        for (JsonLimitsCase bad : List.of(
                new JsonLimitsCase(0, 1, 1),
                new JsonLimitsCase(1, 0, 1),
                new JsonLimitsCase(1, 1, 0),
                new JsonLimitsCase(1_001, 1, 1))) {
            assertThatThrownBy(() -> new JsonLimits(bad.depth, bad.nodes, bad.bytes))
                    .isInstanceOf(ArgumentException.class)
                    .hasMessageContaining("JSON limit");
        }
        assertThat(new JsonLimits(1_000, 1, 1).depth()).isEqualTo(1_000);
    }

    private record JsonLimitsCase(int depth, int nodes, long bytes) {}

    @Test
    void errors_asJson_haveCodeMessageAndDetails() {
        JsonObject shown = JsonErrors.object(new ArgumentException("count", "x\uD83Dy", "a number"));

        assertThat(shown.keySet()).containsExactly("code", "message", "details");
        assertThat(shown)
                .containsEntry("code", "invalid_argument")
                .containsEntry("message", "count is \"x\uFFFDy\", but must be a number")
                .containsEntry("details", JsonObject.of("argument", "count"));
    }

    @Test
    void errors_withDetailsThatAreNoJson_comeThroughWithoutThem() {
        JsonObject shown = JsonErrors.object(new io.llmspell.core.state.StateException(
                ErrorCode.INVALID_KEY, "bad", Map.of("x", new Object()), null));

        assertThat(shown).containsEntry("details", JsonObject.empty()).containsEntry("message", "bad");
    }

    private static Map<String, @Nullable Object> ordered(@Nullable Object... pairs) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) java.util.Objects.requireNonNull(pairs[i]), pairs[i + 1]);
        }
        return map;
    }

    @Test
    void array_ofElements_keepsNulls() {
        assertThat(JsonArray.of(1, null, "x")).isEqualTo(Arrays.asList(1L, null, "x"));
    }

    @Test
    void whole_ofNumbers_isTheIntegerOrNothing() {
        assertThat(JsonValues.whole(7L)).isEqualTo(7L);
        assertThat(JsonValues.whole(500.0)).isEqualTo(500L);
        assertThat(JsonValues.whole(-0x1p53)).isEqualTo(-(1L << 53));
        assertThat(JsonValues.whole(0.5)).isNull();
        assertThat(JsonValues.whole(0x1p60)).isNull();
        assertThat(JsonValues.whole(Double.NaN)).isNull();
        assertThat(JsonValues.whole("7")).isNull();
        assertThat(JsonValues.whole(null)).isNull();
    }
}
