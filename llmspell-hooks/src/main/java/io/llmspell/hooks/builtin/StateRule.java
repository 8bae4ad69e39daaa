package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.text.Glob;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What values of state must be like: those under some keys of some scopes.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param scope a pattern of scopes as text, such as {@code agent:*}; {@code *} stands for any characters, {@code ?} for one
 * @param keys a pattern of keys, such as {@code profile:*}
 * @param schema a JSON Schema of draft 2020-12 that the whole value must fit, secrets included; or null for none
 * @param maxBytes how large a value may be as compact JSON, 1 byte to 1 MiB; the limit of the state manager holds too
 */
public record StateRule(String scope, String keys, @Nullable JsonObject schema, long maxBytes) {
    /** The largest limit, and the one that adds nothing to that of the state manager. */
    public static final long MOST_BYTES = JsonLimits.VALUE.bytes();

    private static final int LONGEST_PATTERN = 512;

    /**
     * Checks the members.
     *
     * @param scope a pattern of scopes as text
     * @param keys a pattern of keys
     * @param schema a JSON Schema, or null
     * @param maxBytes how large a value may be
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public StateRule {
        pattern("scope", scope);
        pattern("keys", keys);
        if (maxBytes < 1 || maxBytes > MOST_BYTES) {
            throw new ArgumentException("max_bytes", String.valueOf(maxBytes), "1 to " + MOST_BYTES);
        }
    }

    private static void pattern(String name, String text) {
        if (text.isEmpty() || text.length() > LONGEST_PATTERN) {
            throw new ArgumentException(name, text, "a pattern of 1 to " + LONGEST_PATTERN + " characters");
        }
    }

    /**
     * A rule that a schema states.
     *
     * @param scope a pattern of scopes as text
     * @param keys a pattern of keys
     * @param schema the schema
     * @return the rule
     */
    public static StateRule schema(String scope, String keys, JsonObject schema) {
        return new StateRule(scope, keys, schema, MOST_BYTES);
    }

    /**
     * A rule about the size alone.
     *
     * @param scope a pattern of scopes as text
     * @param keys a pattern of keys
     * @param maxBytes how large a value may be as compact JSON
     * @return the rule
     */
    public static StateRule size(String scope, String keys, long maxBytes) {
        return new StateRule(scope, keys, null, maxBytes);
    }

    boolean covers(String scopeText, String key) {
        return Glob.matches(scope, scopeText) && Glob.matches(keys, key);
    }

    /** How errors and statistics name it. */
    String title() {
        return keys + " in " + scope;
    }

    Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("scope", scope);
        values.put("keys", keys);
        values.put("schema", schema);
        values.put("max_bytes", maxBytes);
        return values;
    }
}
