package io.llmspell.core.json;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that has been checked: deeply immutable, in insertion order, null members kept.
 *
 * <p>Only {@link JsonValues} makes them, so whoever holds one need not check it again. <b>Threads:</b> immutable.
 */
public sealed interface JsonObject extends Map<String, @Nullable Object> permits CheckedObject {
    /**
     * The object without members.
     *
     * @return the object
     */
    static JsonObject empty() {
        return CheckedObject.EMPTY;
    }

    /**
     * Makes an object of names and values in turn, such as {@code of("a", 1, "b", "x")}.
     *
     * @param namesAndValues names and values in turn
     * @return the checked object
     * @throws JsonValueException {@code value_not_convertible} or {@code value_too_large}
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a name is no text or has no value
     */
    static JsonObject of(@Nullable Object... namesAndValues) {
        return JsonValues.object(JsonValues.pairs(namesAndValues), JsonLimits.TOOL);
    }

    /**
     * A text member.
     *
     * @param name the member
     * @return its text
     * @throws JsonValueException {@code type_mismatch} if it is absent or no text
     */
    String text(String name);

    /**
     * A text member that may be absent or null.
     *
     * @param name the member
     * @param otherwise what to return then
     * @return its text
     * @throws JsonValueException {@code type_mismatch} if it is present and no text
     */
    String text(String name, String otherwise);

    /**
     * A copy with one member set; an existing member keeps its place.
     *
     * @param name the member
     * @param value a JSON value
     * @return the copy
     * @throws JsonValueException {@code value_not_convertible} or {@code value_too_large}
     */
    JsonObject with(String name, @Nullable Object value);
}
