package io.llmspell.core.json;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A checked object over a private linked map. */
final class CheckedObject extends AbstractMap<String, @Nullable Object> implements JsonObject {
    static final CheckedObject EMPTY = new CheckedObject(new LinkedHashMap<>(), new Measure(1, 1, 2));

    private final Map<String, @Nullable Object> members;
    private final Measure measure;

    CheckedObject(Map<String, @Nullable Object> members, Measure measure) {
        this.members = Collections.unmodifiableMap(members);
        this.measure = measure;
    }

    Measure measure() {
        return measure;
    }

    @Override
    public String text(String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw JsonValueException.mismatch(name, "text", members.get(name));
    }

    @Override
    public String text(String name, String otherwise) {
        return members.get(name) == null ? otherwise : text(name);
    }

    @Override
    public JsonObject with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(members);
        copy.put(name, value);
        return JsonValues.object(copy, JsonLimits.TOOL);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return members.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return members.containsKey(key);
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
        return members.entrySet();
    }

    @Override
    public int size() {
        return members.size();
    }
}
