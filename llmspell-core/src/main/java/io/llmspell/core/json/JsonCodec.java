package io.llmspell.core.json;

import io.llmspell.core.internal.json.JacksonJsonCodec;
import org.jspecify.annotations.Nullable;

/**
 * Turns JSON text into JSON values and back, and JSON values into Java types.
 *
 * <p><b>Threads:</b> safe.
 */
public interface JsonCodec {
    /**
     * Reads UTF-8 text. A decimal becomes the {@code Double} that prints the same number, or a {@code BigDecimal} where
     * there is none: no digit is lost.
     *
     * @param text one JSON value, nothing behind it
     * @param limits how large it may be
     * @return the checked value
     * @throws JsonValueException {@code json_error} naming line and column (also for a name that occurs twice, bytes
     *     that are not UTF-8 and text behind the value), {@code value_too_large}, or {@code value_not_convertible} for
     *     a number beyond 1,000 digits or an exponent beyond 1,000 and for half a surrogate pair
     */
    @Nullable Object parse(byte[] text, JsonLimits limits);

    /**
     * Reads text, as {@link #parse(byte[], JsonLimits)}.
     *
     * @param text one JSON value, nothing behind it
     * @param limits how large it may be
     * @return the checked value
     * @throws JsonValueException {@code json_error} naming line and column (also for a name that occurs twice, bytes
     *     that are not UTF-8 and text behind the value), {@code value_too_large}, or {@code value_not_convertible} for
     *     a number beyond 1,000 digits or an exponent beyond 1,000 and for half a surrogate pair
     */
    @Nullable Object parse(String text, JsonLimits limits);

    /**
     * Writes a value as compact UTF-8 text.
     *
     * @param value a JSON value
     * @return the text; a fresh array
     * @throws JsonValueException {@code value_not_convertible} if a raw value is no JSON value
     */
    byte[] bytes(@Nullable Object value);

    /**
     * Writes a value as compact text.
     *
     * @param value a JSON value
     * @return the text
     * @throws JsonValueException {@code value_not_convertible} if a raw value is no JSON value
     */
    String text(@Nullable Object value);

    /**
     * Writes a value over several lines.
     *
     * @param value a JSON value
     * @param indent spaces a level; below 1 means 1, beyond 16 means 16
     * @return the text
     * @throws JsonValueException {@code value_not_convertible} if a raw value is no JSON value
     */
    String pretty(@Nullable Object value, int indent);

    /**
     * Reads a value as a Java type, such as a record.
     *
     * @param value a JSON value
     * @param type the type
     * @param <T> the type
     * @return the object
     * @throws JsonValueException {@code type_mismatch} naming the member that does not fit
     */
    <T> T as(@Nullable Object value, Class<T> type);

    /**
     * Turns a Java object, such as a record, into a JSON value.
     *
     * @param object the object
     * @param limits how large it may be
     * @return the checked value
     * @throws JsonValueException {@code value_not_convertible} or {@code value_too_large}
     */
    @Nullable Object from(@Nullable Object object, JsonLimits limits);

    /**
     * Makes the codec of the house.
     *
     * @return the codec
     */
    static JsonCodec create() {
        return new JacksonJsonCodec();
    }
}
