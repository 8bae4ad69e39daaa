package io.llmspell.cli;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.text.Nearest;
import io.llmspell.state.StoredValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One value as a line of JSON, the form of {@code export} and {@code import}.
 *
 * @param key the key
 * @param stateClass its class
 * @param json the value
 * @param expiresAt when it stops to count, or null
 */
record StateLine(
        StateKey key,
        StateClass stateClass,
        @Nullable Object json,
        @Nullable Instant expiresAt) {
    private static final List<String> MEMBERS =
            List.of("scope", "key", "class", "value", "version", "expires_at", "masked");

    /** A line holds a value of the largest size and the rest; both are checked on their own. */
    private static final JsonLimits LINE = new JsonLimits(
            JsonLimits.VALUE.depth() + 1, JsonLimits.VALUE.nodes() + 16, JsonLimits.VALUE.bytes() + (16 << 10));

    static Map<String, @Nullable Object> write(StoredValue value) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("scope", value.key().scope().text());
        line.put("key", value.key().key());
        line.put("class", value.stateClass().id());
        line.put("value", value.json());
        line.put("version", value.version());
        if (value.expiresAt() != null) {
            line.put("expires_at", value.expiresAt().toString());
        }
        if (value.masked()) {
            line.put("masked", true);
        }
        return line;
    }

    /** Reads a line; what is wrong is told in words that go behind the number of the line. */
    static StateLine read(JsonCodec codec, byte[] text) {
        if (!(codec.parse(text, LINE) instanceof Map<?, ?> members)) {
            throw new ArgumentException("the line is no JSON object; a line is such as"
                    + " {\"scope\":\"global\",\"key\":\"k\",\"value\":1}");
        }
        checkNames(members);
        if (Boolean.TRUE.equals(members.get("masked"))) {
            throw new ArgumentException("the value is masked, so the secret itself is not in the file; write the true"
                    + " value and remove \"masked\", or remove the line");
        }
        if (!members.containsKey("value")) {
            throw new ArgumentException("\"value\" is missing; to store nothing is null");
        }
        StateKey key = StateKey.of(Scope.parse(text(members, "scope")), text(members, "key"));
        Object json = JsonValues.checked(members.get("value"), JsonLimits.VALUE);
        return new StateLine(key, stateClass(members.get("class")), json, instant(members.get("expires_at")));
    }

    private static void checkNames(Map<?, ?> members) {
        for (Object name : members.keySet()) {
            if (!MEMBERS.contains(String.valueOf(name))) {
                String hint = Nearest.hint(String.valueOf(name), MEMBERS);
                throw new ArgumentException(
                        "there is no member \"" + name + "\"; " + (hint.isEmpty() ? "there are " + MEMBERS : hint));
            }
        }
    }

    private static String text(Map<?, ?> members, String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw JsonValueException.mismatch(name, "a text", members.get(name));
    }

    private static StateClass stateClass(@Nullable Object id) {
        return id == null ? StateClass.STANDARD : stateClass("class", String.valueOf(id));
    }

    /** A class that lasts longer than the command. */
    static StateClass stateClass(String what, String id) {
        for (StateClass each : StateClass.values()) {
            if (each.id().equals(id.toLowerCase(Locale.ROOT)) && each != StateClass.EPHEMERAL) {
                return each;
            }
        }
        throw new ArgumentException(
                what,
                id,
                "standard, trusted, sensitive or external; ephemeral values live in the memory of a"
                        + " runtime and end with it");
    }

    private static @Nullable Instant instant(@Nullable Object text) {
        try {
            return text == null
                    ? null
                    : OffsetDateTime.parse(String.valueOf(text)).toInstant();
        } catch (DateTimeException e) {
            throw new ArgumentException("expires_at", String.valueOf(text), "a time such as 2030-01-31T12:00:00Z");
        }
    }
}
