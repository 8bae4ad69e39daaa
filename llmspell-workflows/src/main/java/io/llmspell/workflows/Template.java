package io.llmspell.workflows;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills the placeholders in the input of a step.
 *
 * <p>A placeholder that is the whole text keeps the type of its value; within a text, texts go in as they are, nothing
 * for a missing value, and the rest as JSON. What was put in is never read for placeholders again. Text in braces that
 * is no placeholder stays.
 */
final class Template {
    private static final JsonCodec CODEC = JsonCodec.create();
    private static final int LONGEST = 10_000_000;

    private final Placeholders placeholders;

    Template(SequentialRun run, WorkflowStep step, Caller caller) {
        boolean own = step.input() instanceof JsonObject input
                && (input.containsKey("variables") || input.containsKey("context"));
        this.placeholders = new Placeholders(run, caller, own);
    }

    @Nullable Object fill(@Nullable Object json) {
        if (json instanceof String text) {
            return text(text);
        }
        if (json instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> filled = new LinkedHashMap<>();
            map.forEach((name, value) -> filled.put(String.valueOf(name), fill(value)));
            return JsonValues.object(filled, JsonLimits.TOOL);
        }
        if (json instanceof List<?> list) {
            List<@Nullable Object> filled = new ArrayList<>();
            list.forEach(element -> filled.add(fill(element)));
            return JsonValues.array(filled, JsonLimits.TOOL);
        }
        return json;
    }

    private @Nullable Object text(String text) {
        Placeholders.Value reference = text.startsWith("$") ? placeholders.reference(text) : null;
        if (reference != null) {
            return reference.json();
        }
        if (text.startsWith("{{") && text.indexOf("}}") == text.length() - 2) {
            Placeholders.Value whole = placeholders.value(text.substring(2, text.length() - 2));
            return whole == null ? text : whole.json();
        }
        return text.contains("{{") ? mixed(text) : text;
    }

    private String mixed(String text) {
        StringBuilder filled = new StringBuilder();
        int done = 0;
        for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", done)) {
            int close = text.indexOf("}}", open + 2);
            if (close < 0) {
                break;
            }
            Placeholders.Value value = placeholders.value(text.substring(open + 2, close));
            int kept = value == null ? open + 1 : open;
            append(filled, text.substring(done, kept));
            if (value != null) {
                append(filled, shown(value.json()));
            }
            done = value == null ? kept : close + 2;
        }
        append(filled, text.substring(done));
        return filled.toString();
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "" : value instanceof String text ? text : CODEC.text(value);
    }

    private static void append(StringBuilder filled, String part) {
        if ((long) filled.length() + part.length() > LONGEST) {
            throw LimitException.exceeded(
                    "length of a filled text",
                    LONGEST + " characters",
                    "the placeholders of a step give too much text");
        }
        filled.append(part);
    }
}
