package io.llmspell.core.script;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns script values into JSON values. */
final class ScriptPlain {
    private ScriptPlain() {}

    static @Nullable Object plain(@Nullable Object value, String path) {
        return plain(value, path, 0);
    }

    private static @Nullable Object plain(@Nullable Object value, String path, int depth) {
        if (depth > JsonLimits.TOOL.depth()) {
            throw JsonValueException.tooLarge("value", "is nested too deep", "depth");
        }
        if (value instanceof JsonObject) {
            return value;
        }
        if (value instanceof ScriptObject object) {
            return object.id();
        }
        if (value instanceof ScriptRecord rendered) {
            return map(rendered.members(), path, depth + 1);
        }
        if (value instanceof ScriptCallback) {
            throw JsonValueException.notConvertible(path, "functions have no JSON form");
        }
        if (value instanceof Map<?, ?> map) {
            return map(map, path, depth + 1);
        }
        return value instanceof List<?> list ? list(list, path, depth + 1) : value;
    }

    private static Map<String, @Nullable Object> map(Map<?, ?> map, String path, int depth) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, member) -> copy.put(String.valueOf(name), plain(member, path + "." + name, depth)));
        return copy;
    }

    private static List<@Nullable Object> list(List<?> list, String path, int depth) {
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        for (Object element : list) {
            copy.add(plain(element, path + "[" + copy.size() + "]", depth));
        }
        return copy;
    }
}
