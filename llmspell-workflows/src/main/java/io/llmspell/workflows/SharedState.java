package io.llmspell.workflows;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of one run: JSON values by key, 10 MiB at most.
 *
 * <p>Guarded by its own monitor, under which no foreign code runs; iteration is over a snapshot.
 */
final class SharedState extends AbstractMap<String, @Nullable Object> {
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();
    private long bytes;
    private long version;

    SharedState(JsonObject initial) {
        initial.forEach(this::put);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        synchronized (values) {
            return values.get(key);
        }
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        synchronized (values) {
            return values.containsKey(key);
        }
    }

    @Override
    public @Nullable Object put(String key, @Nullable Object value) {
        Object checked = JsonValues.checked(value, JsonLimits.VALUE);
        long size = size(key, checked);
        synchronized (values) {
            long freed = values.containsKey(key) ? size(key, values.get(key)) : 0;
            if (bytes - freed + size > JsonLimits.TOOL.bytes()) {
                throw LimitException.exceeded(
                        "state of a run",
                        JsonLimits.TOOL.bytes() + " bytes",
                        "the value of \"" + key + "\" would be too much");
            }
            bytes += size - freed;
            version++;
            return values.put(key, checked);
        }
    }

    private static long size(String key, @Nullable Object value) {
        return key.length() + JsonValues.bytes(value);
    }

    @Override
    public @Nullable Object remove(@Nullable Object key) {
        synchronized (values) {
            if (key instanceof String name && values.containsKey(name)) {
                bytes -= size(name, values.get(name));
                version++;
            }
            return values.remove(key);
        }
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
        return Collections.unmodifiableMap(snapshot()).entrySet();
    }

    /** How often it was written to. */
    long version() {
        synchronized (values) {
            return version;
        }
    }

    JsonObject snapshot() {
        synchronized (values) {
            return JsonValues.object(values, RunResult.LIMITS);
        }
    }
}
