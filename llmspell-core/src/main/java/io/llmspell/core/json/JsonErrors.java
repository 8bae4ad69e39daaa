package io.llmspell.core.json;

import io.llmspell.core.error.LlmSpellException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows errors as JSON values, the same in results, events and scripts.
 *
 * <p><b>Threads:</b> safe.
 */
public final class JsonErrors {
    private JsonErrors() {}

    /**
     * An error as an object.
     *
     * @param error the error
     * @return an object with {@code code}, {@code message} (without the code in brackets) and {@code details}; details
     *     that are no JSON value are left out, halves of surrogate pairs in the message become U+FFFD
     */
    public static JsonObject object(LlmSpellException error) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("code", error.code().id());
        members.put("message", wellFormed(error.text()));
        members.put("details", details(error));
        return JsonValues.object(members, JsonLimits.TOOL);
    }

    private static JsonObject details(LlmSpellException error) {
        try {
            return JsonValues.object(error.details(), JsonLimits.VALUE);
        } catch (JsonValueException notJson) {
            return JsonObject.empty(); // code and message must come through whatever the details hold
        }
    }

    /** A message may quote foreign text; an error must come through all the same. */
    private static String wellFormed(String text) {
        StringBuilder copy = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(copy::appendCodePoint);
        return copy.toString();
    }
}
