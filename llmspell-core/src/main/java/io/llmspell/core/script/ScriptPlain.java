package io.llmspell.core.script;

import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns one script value into a JSON value. It copies, so it counts: a few tables that share each other may stand for
 * more values than memory holds.
 */
final class ScriptPlain {
    private static final JsonLimits MOST = JsonLimits.TOOL;

    private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    private ScriptPlain() {}

    static @Nullable Object plain(@Nullable Object value, String path) {
        return new ScriptPlain().value(value, path);
    }

    private @Nullable Object value(@Nullable Object value, String path) {
        if (++nodes > MOST.nodes()) {
            throw JsonValueException.tooLarge("value", "has more than " + MOST.nodes() + " nodes", "nodes");
        }
        if (value instanceof JsonObject || value instanceof JsonArray) {
            return value;
        }
        if (value instanceof ScriptObject object) {
            return object.id();
        }
        if (value instanceof ScriptCallback) {
            throw JsonValueException.notConvertible(path, "functions have no JSON form");
        }
        if (value instanceof ScriptRecord rendered) {
            return map(rendered.members(), path);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map, path);
        }
        return value instanceof List<?> list ? list(list, path) : value;
    }

    private Map<String, @Nullable Object> map(Map<?, ?> map, String path) {
        enter(map, path);
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, member) -> copy.put(String.valueOf(name), value(member, path + "." + name)));
        open.remove(map);
        return copy;
    }

    private List<@Nullable Object> list(List<?> list, String path) {
        enter(list, path);
        List<@Nullable Object> copy = new ArrayList<>();
        for (Object element : list) {
            copy.add(value(element, path + "[" + copy.size() + "]"));
        }
        open.remove(list);
        return copy;
    }

    private void enter(Object container, String path) {
        if (!open.add(container)) {
            throw JsonValueException.notConvertible(
                    path.substring(0, Math.min(path.length(), 200)), "it contains itself");
        }
        if (open.size() > MOST.depth()) {
            throw JsonValueException.tooLarge("value", "is nested deeper than " + MOST.depth() + " levels", "depth");
        }
    }
}
