package io.llmspell.core.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

final class JsonPropertiesTest {
    private static final JsonCodec CODEC = JsonCodec.create();

    private static final ObjectMapper LIBRARY = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build())
            .build();

    @Provide
    Arbitrary<@Nullable Object> values() {
        return JsonArbitraries.values();
    }

    @Provide
    Arbitrary<String> texts() {
        return JsonArbitraries.texts();
    }

    @Property(tries = 500)
    void bytes_anyValue_areTheLengthOfItsText(@ForAll("values") @Nullable Object raw) {
        Object checked = JsonValues.checked(raw, JsonLimits.VALUE);

        assertThat(JsonValues.bytes(raw)).isEqualTo(CODEC.bytes(checked).length);
        assertThat(JsonValues.bytes(checked)).isEqualTo(CODEC.bytes(checked).length);
    }

    /** The library that this house reads with is the model of what it prints. */
    @Property(tries = 500)
    void bytes_anyValue_areThoseOfTheLibrary(@ForAll("values") @Nullable Object raw) throws IOException {
        Object checked = JsonValues.checked(raw, JsonLimits.VALUE);

        assertThat(CODEC.text(checked)).isEqualTo(new String(LIBRARY.writeValueAsBytes(checked), UTF_8));
    }

    @Property(tries = 500)
    void bytes_longTexts_areThoseOfTheLibrary(
            @ForAll @IntRange(max = 40) int before, @ForAll("texts") String text, @ForAll @IntRange(max = 40) int after)
            throws IOException {
        String all = "?x".repeat(before) + text + "y".repeat(after);

        assertThat(CODEC.text(all)).isEqualTo(new String(LIBRARY.writeValueAsBytes(all), UTF_8));
        assertThat(JsonValues.bytes(all)).isEqualTo(CODEC.bytes(all).length);
        String half = "?x".repeat(before) + text + "\uD800" + "y".repeat(after);
        assertThat(catchThrowable(() -> JsonValues.checked(half, JsonLimits.VALUE)))
                .hasMessageContaining("lone surrogate at position " + (2 * before + text.length()));
    }

    @Property(tries = 500)
    void codec_anyValue_comesBackTheSame(@ForAll("values") @Nullable Object raw) {
        Object checked = JsonValues.checked(raw, JsonLimits.VALUE);
        Object back = CODEC.parse(CODEC.bytes(checked), JsonLimits.VALUE);

        assertThat(JsonValues.same(back, checked)).isTrue();
        assertThat(CODEC.text(back))
                .hasSizeLessThanOrEqualTo(CODEC.text(checked).length() + 64);
    }

    @Property(tries = 200)
    void pretty_anyValue_comesBackTheSame(@ForAll("values") @Nullable Object raw) {
        Object back = CODEC.parse(CODEC.pretty(raw, 2), JsonLimits.VALUE);

        assertThat(JsonValues.same(back, JsonValues.checked(raw, JsonLimits.VALUE)))
                .isTrue();
    }

    @Property(tries = 200)
    void checked_twice_isTheSameObject(@ForAll("values") @Nullable Object raw) {
        Object checked = JsonValues.checked(raw, JsonLimits.VALUE);

        if (checked instanceof JsonObject || checked instanceof JsonArray) {
            assertThat(JsonValues.checked(checked, JsonLimits.VALUE)).isSameAs(checked);
        }
        assertThat(JsonValues.same(JsonValues.checked(checked, JsonLimits.VALUE), checked))
                .isTrue();
    }

    @Property(tries = 300)
    void limits_exactlyWhatTheValueMeasures_areEnoughAndOneByteLessIsNot(@ForAll("values") @Nullable Object raw) {
        int size = CODEC.text(raw).getBytes(UTF_8).length;

        assertThat(JsonValues.same(JsonValues.checked(raw, new JsonLimits(64, 100_000, size)), raw))
                .isTrue();
        if (size > 1) {
            assertThat(catchThrowable(() -> JsonValues.checked(raw, new JsonLimits(64, 100_000, size - 1L))))
                    .isInstanceOf(JsonValueException.class)
                    .hasMessageContaining("[value_too_large]");
        }
    }

    @Property(tries = 300)
    void same_twoValues_isWhetherTheirTextsReadAlike(
            @ForAll("values") @Nullable Object a, @ForAll("values") @Nullable Object b) {
        Object first = CODEC.parse(CODEC.bytes(a), JsonLimits.VALUE);
        Object second = CODEC.parse(CODEC.bytes(b), JsonLimits.VALUE);

        assertThat(JsonValues.same(a, b)).isEqualTo(JsonValues.same(first, second));
        assertThat(JsonValues.same(a, b)).isEqualTo(JsonValues.same(b, a));
    }
}
