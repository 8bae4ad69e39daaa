package io.llmspell.core.json;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON array that has been checked: deeply immutable, null elements kept.
 *
 * <p>Only {@link JsonValues} makes them. <b>Threads:</b> immutable.
 */
public sealed interface JsonArray extends List<@Nullable Object> permits CheckedArray {
    /**
     * Makes an array.
     *
     * @param elements JSON values
     * @return the checked array
     * @throws JsonValueException {@code value_not_convertible} or {@code value_too_large}
     */
    static JsonArray of(@Nullable Object... elements) {
        return JsonValues.array(java.util.Arrays.asList(elements), JsonLimits.TOOL);
    }
}
