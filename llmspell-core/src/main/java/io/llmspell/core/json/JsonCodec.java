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
     * Reads UTF-8 text.
     *
     * @param text one JSON value, nothing behind it
     * @param limits how large it may be
     * @return the checked value
     * @throws JsonValueException {@code json_error} naming line and column, or {@code value_too_large}
     */
    @Nullable Object parse(byte[] text, JsonLimits limits);

    /**
     * Reads text.
     *
     * @param text one JSON value, nothing behind it
     * @param limits how large it may be
     * @return the checked value
     * @throws JsonValueException {@code json_error} naming line and column, or {@code value_too_large}
     */
    @Nullable Object parse(String text, JsonLimits limits);

    /**
     * Writes a value as compact UTF-8 text.
     *
     * @param value a JSON value
     * @return the text; a fresh array
     */
    byte[] bytes(@Nullable Object value);

    /**
     * Writes a value as compact text.
     *
     * @param value a JSON value
     * @return the text
     */
    String text(@Nullable Object value);

    /**
     * Writes a value over several lines.
     *
     * @param value a JSON value
     * @param indent spaces a level, 1 to 16
     * @return the text
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
