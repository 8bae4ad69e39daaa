package io.llmspell.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonCodecTest {
    private static final JsonCodec CODEC = JsonCodec.create();

    private static @Nullable Object parse(String text) {
        return CODEC.parse(text, JsonLimits.VALUE);
    }

    @Test
    void parse_eachKind_givesTheTypeOfTheHouse() {
        assertThat(parse(" [null,true,false,\"x\",1,1.5,{},[]] "))
                .isEqualTo(Arrays.asList(null, true, false, "x", 1L, 1.5, Map.of(), List.of()));
        assertThat(parse("null")).isNull();
        assertThat(parse("-0.0")).isEqualTo(-0.0);
        assertThat(parse("0e-9999")).isEqualTo(0.0);
        assertThat(parse("\"\\ud83d\\ude00\"")).isEqualTo("😀");
    }

    @Test
    void parse_numbers_loseNoDigit() {
        assertThat(parse("9007199254740993")).isEqualTo(9007199254740993L);
        assertThat(parse("9223372036854775808")).isEqualTo(new BigInteger("9223372036854775808"));
        assertThat(parse("0.1")).isEqualTo(0.1);
        assertThat(parse("1.50")).isEqualTo(1.5);
        assertThat(parse("1e22")).isEqualTo(1e22);
        assertThat(parse("0.12345678901234567890")).isEqualTo(new BigDecimal("0.12345678901234567890"));
        assertThat(parse("1e400")).isEqualTo(new BigDecimal("1e400"));
        assertThat(parse("1e-400")).isEqualTo(new BigDecimal("1e-400"));
    }

    @Test
    void stored_numberBeyondLong_isReadAgain() {
        Object checked =
                JsonValues.checked(List.of(BigInteger.TEN.pow(999), new BigDecimal("1e-999")), JsonLimits.VALUE);

        assertThat(JsonValues.same(CODEC.parse(CODEC.bytes(checked), JsonLimits.VALUE), checked))
                .isTrue();
    }

    @Test
    void double_fromAnyJdk_hasItsShortestText() {
        for (String text : List.of("0.002", "1.0E23", "1.15292150461E18", "2.2250738585072014E-308", "4.9E-324")) {
            double number = Double.parseDouble(text);
            assertThat(CODEC.text(number)).isEqualTo(text);
            assertThat(parse(text)).isEqualTo(number);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999", "-1e99999999", "1e-99999999", "[1e2147483647]", "1e9999999999999999999"})
    @Timeout(5)
    void parse_hugeExponent_isRefusedAtOnce(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(JsonValueException.class);
    }

    @Test
    @Timeout(5)
    void parse_numberOfManyDigits_isRefusedAtOnce() {
        refused(() -> parse("1".repeat(900_000)), ErrorCode.VALUE_TOO_LARGE, "1100");
        refused(() -> parse("1".repeat(1_001)), ErrorCode.VALUE_NOT_CONVERTIBLE, "more than 1000 digits");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "`` | the text is empty",
                "` \n ` | the text is empty",
                "`{` | line 1, column 2",
                "`{\"a\":1,\n \"b\":}` | line 2, column 6",
                "`[1,]` | line 1, column 4",
                "`[1 2]` | line 1, column",
                "`{\"a\":1}x` | line 1, column 8",
                "`1 2` | there is more text behind the value (line 1, column 3)",
                "`{\"a\":1,\n\"a\":2}` | the name \"a\" occurs twice (line 2, column 1)",
                "`NaN` | line 1",
                "`Infinity` | line 1",
                "`'a'` | line 1",
                "`{a:1}` | line 1",
                "`// c\n1` | line 1",
                "`+1` | does not allow numbers to have plus signs (line 1, column 2)",
                "`01` | line 1",
                "`\"a` | line 1",
                "`\"\t\"` | line 1",
            })
    void parse_notJson_namesLineAndColumn(String text, String expected) {
        refused(() -> parse(text), ErrorCode.JSON_ERROR, expected);
        assertThatThrownBy(() -> parse(text))
                .hasMessageStartingWith("JSON parse error: ")
                .message()
                .doesNotContain("StreamRead", "java.lang", "Source:", "JsonReadFeature", "Feature");
    }

    @Test
    void parse_duplicateKeyDeepInside_isRefused() {
        refused(() -> parse("[{\"x\":{\"k\":null,\"k\":null}}]"), ErrorCode.JSON_ERROR, "the name \"k\" occurs twice");
    }

    @Test
    void parse_deepNesting_isRefusedWithoutOverflow() {
        refused(() -> parse("[".repeat(100_000)), ErrorCode.VALUE_TOO_LARGE, "(64)");
        refused(() -> parse("{\"a\":".repeat(65)), ErrorCode.VALUE_TOO_LARGE, "(64)");
        assertThat(parse("[".repeat(64) + "]".repeat(64))).isNotNull();
        assertThatThrownBy(() -> parse("[".repeat(65)))
                .isInstanceOfSatisfying(
                        JsonValueException.class,
                        error -> assertThat(error.details()).containsEntry("limit", "depth"));
    }

    @Test
    void parse_smallerLimits_areKept() {
        JsonLimits small = new JsonLimits(2, 3, 20);

        assertThat(CODEC.parse("[[1]]", small)).isEqualTo(List.of(List.of(1L)));
        refused(() -> CODEC.parse("[[[]]]", small), ErrorCode.VALUE_TOO_LARGE, "deeper than 2");
        refused(() -> CODEC.parse("[1,2,3]", small), ErrorCode.VALUE_TOO_LARGE, "more than 3 nodes");
        refused(() -> CODEC.parse("\"" + "x".repeat(19) + "\"", small), ErrorCode.VALUE_TOO_LARGE, "than 20 bytes");
        assertThat(CODEC.parse(" ".repeat(100) + "1", small)).isEqualTo(1L);
    }

    @Test
    void parse_bytesThatAreNotUtf8_areRefused() {
        byte[] broken = {'"', (byte) 0xC3, '"'};

        refused(() -> CODEC.parse(broken, JsonLimits.VALUE), ErrorCode.JSON_ERROR, "not UTF-8");
        assertThat(CODEC.parse("\"\uFFFDé\"".getBytes(StandardCharsets.UTF_8), JsonLimits.VALUE))
                .isEqualTo("\uFFFDé");
    }

    @Test
    void parse_halfASurrogatePair_isRefused() {
        refused(() -> parse("\"\\ud83d\""), ErrorCode.VALUE_NOT_CONVERTIBLE, "lone surrogate");
    }

    @Test
    void print_eachKind_isCompact() {
        assertThat(CODEC.text(Arrays.asList(null, true, false, "é😀\n\"\\/", 1, 2L, 1.5, Map.of("k", List.of()))))
                .isEqualTo("[null,true,false,\"é😀\\n\\\"\\\\/\",1,2,1.5,{\"k\":[]}]");
        assertThat(CODEC.text(List.of(new BigInteger("9223372036854775808"), new BigDecimal("1.50"))))
                .isEqualTo("[9223372036854775808,1.50]");
    }

    @Test
    void print_rawValueThatIsNoJson_isRefused() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);

        refused(() -> CODEC.bytes(cycle), ErrorCode.VALUE_NOT_CONVERTIBLE, "contains itself");
        refused(() -> CODEC.text(Double.NaN), ErrorCode.VALUE_NOT_CONVERTIBLE, "NaN");
        refused(() -> CODEC.pretty("\uD83D", 2), ErrorCode.VALUE_NOT_CONVERTIBLE, "surrogate");
    }

    @Test
    void pretty_withIndent_isLaidOutOverLines() {
        Object value = JsonObject.of("a", JsonArray.of(1, 2), "b", JsonObject.empty(), "c", JsonArray.of());

        assertThat(CODEC.pretty(value, 2)).isEqualTo("""
                {
                  "a": [
                    1,
                    2
                  ],
                  "b": {},
                  "c": []
                }""");
        assertThat(CODEC.pretty(List.of(1), 0)).isEqualTo("[\n 1\n]");
        assertThat(CODEC.pretty(List.of(1), 99)).isEqualTo("[\n" + " ".repeat(16) + "1\n]");
    }

    /** A record as users write them. */
    record Order(
            String id,
            int count,
            Optional<String> note,
            @Nullable Instant at,
            List<Line> lines) {
        Order {
            if (count < 0) {
                throw new ArgumentException("count", String.valueOf(count), "0 or more");
            }
        }
    }

    /** A part of one. */
    record Line(String item, double price) {}

    @Test
    void record_thereAndBack_isEqual() {
        Order order = new Order(
                "o-1", 2, Optional.of("x"), Instant.parse("2026-01-02T03:04:05Z"), List.of(new Line("a", 1.5)));

        Object json = CODEC.from(order, JsonLimits.VALUE);

        assertThat(json)
                .isEqualTo(Map.of(
                        "id", "o-1",
                        "count", 2L,
                        "note", "x",
                        "at", "2026-01-02T03:04:05Z",
                        "lines", List.of(Map.of("item", "a", "price", 1.5))));
        assertThat(CODEC.as(json, Order.class)).isEqualTo(order);
        assertThat(CODEC.from(Duration.ofMillis(1500), JsonLimits.VALUE)).isEqualTo("PT1.5S");
    }

    @Test
    void as_misfit_namesTheMemberAndNotItsValue() {
        JsonObject good = JsonObject.of("id", "o", "count", 1, "lines", JsonArray.of());

        assertThat(CODEC.as(good, Order.class).note()).isEmpty();
        JsonObject line = JsonObject.of("item", "a", "price", "hunter22");
        mismatch(
                () -> CODEC.as(good.with("lines", JsonArray.of(line)), Order.class),
                "\"value.lines[0].price\" is a text, but must be a value of type double");
        mismatch(
                () -> CODEC.as(good.with("size", 1), Order.class),
                "\"value.size\" is a number, but must be left out; a value of type Order has only");
        mismatch(() -> CODEC.as(good.with("count", -1), Order.class), "count is \"-1\", but must be 0 or more");
        mismatch(() -> CODEC.as("text", Order.class), "\"value\" is a text, but must be a value of type Order");
        assertThatThrownBy(() -> CODEC.as(good.with("lines", JsonArray.of(line)), Order.class))
                .message()
                .doesNotContain("hunter22");
    }

    private static void mismatch(ThrowingCallable call, String text) {
        refused(call, ErrorCode.TYPE_MISMATCH, text);
    }

    /** Not JSON in the end. */
    record Ratio(double value) {}

    /** Fails when read. */
    public static final class Failing {
        private final Optional<String> missing = Optional.empty();

        /** Always fails. */
        public String getText() {
            return missing.orElseThrow(() -> new ArgumentException("the getter failed"));
        }
    }

    @Test
    void from_whatHasNoJson_isRefused() {
        refused(() -> CODEC.from(new Ratio(Double.NaN), JsonLimits.VALUE), ErrorCode.VALUE_NOT_CONVERTIBLE, "NaN");
        refused(() -> CODEC.from(new Object(), JsonLimits.VALUE), ErrorCode.VALUE_NOT_CONVERTIBLE, "Object");
        refused(
                () -> CODEC.from(new Failing(), JsonLimits.VALUE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "the getter failed");
        refused(() -> CODEC.from("xxx", new JsonLimits(1, 1, 4)), ErrorCode.VALUE_TOO_LARGE, "4 bytes");
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        refused(
                () -> CODEC.from(cycle, JsonLimits.VALUE),
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                "value cannot be converted");
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        JsonValueException.class,
                        error -> assertThat(error.code()).as(error.getMessage()).isEqualTo(code))
                .hasMessageContaining(text)
                .hasMessageEndingWith("[" + code.id() + "]");
    }
}
