package io.llmspell.bridge.globals;

import io.llmspell.core.script.ScriptRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The errors in results as scripts see them: they print and concatenate as their message, like those that are raised. */
final class ResultErrors {
    private ResultErrors() {}

    /** A result whose {@code error}, and those of its steps, print; the rest is as it was. */
    static Map<?, ?> shown(Map<?, ?> result) {
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>(result);
        copy.replaceAll(ResultErrors::member);
        return copy;
    }

    /** The results of steps by name. */
    static Map<?, ?> steps(Map<?, ?> results) {
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>(results);
        copy.replaceAll((name, value) -> value instanceof Map<?, ?> step ? shown(step) : value);
        return copy;
    }

    private static @Nullable Object member(Object name, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        if (name.equals("error")) {
            return error(map);
        }
        if (name.equals("step_results")) {
            return steps(map);
        }
        // What a step gave may be the result of a workflow.
        return name.equals("result") && map.get("success") instanceof Boolean ? shown(map) : value;
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys
    private static Object error(Map<?, ?> error) {
        return error.get("message") instanceof String text
                ? ScriptRecord.shown((Map<String, @Nullable Object>) error, text)
                : error;
    }
}
