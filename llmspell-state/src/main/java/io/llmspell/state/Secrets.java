package io.llmspell.state;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is secret in a value, hides it from hooks, and puts it back behind the masks that they leave as they are.
 *
 * <p>By class and by the name of the key the whole value is secret; by the names of its members parts of it, and in class
 * external also what looks like a secret in its texts. What is ephemeral never leaves the process and is not looked at.
 */
final class Secrets {
    /** A name that everything is hidden under. */
    private static final String SECRET = "secret";

    private final Redactor redactor;

    Secrets(Redactor redactor) {
        this.redactor = redactor;
    }

    /** How much of a value is secret; one walk, which ends at the first secret. */
    Secrecy of(StateKey key, StateClass stateClass, @Nullable Object json) {
        if (stateClass == StateClass.EPHEMERAL) {
            return Secrecy.NONE;
        }
        if (stateClass == StateClass.SENSITIVE || redactor.secretName(key.key())) {
            return Secrecy.WHOLE;
        }
        return holds(json, stateClass == StateClass.EXTERNAL) ? Secrecy.PARTS : Secrecy.NONE;
    }

    private boolean holds(@Nullable Object json, boolean texts) {
        if (json instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> member : map.entrySet()) {
                Object value = member.getValue();
                if (named(member.getKey(), value) || holds(value, texts)) {
                    return true;
                }
            }
            return false;
        }
        if (json instanceof List<?> list) {
            for (Object element : list) {
                if (holds(element, texts)) {
                    return true;
                }
            }
            return false;
        }
        return texts && json instanceof String text && !redactor.text(text).equals(text);
    }

    /** Null and the truth values are no secrets under whatever name. */
    private boolean named(Object name, @Nullable Object value) {
        return value != null && !(value instanceof Boolean) && name instanceof String text && redactor.secretName(text);
    }

    /** The value as hooks see it. */
    @Nullable Object masked(Secrecy secrecy, @Nullable Object json) {
        return switch (secrecy) {
            case NONE -> json;
            case PARTS -> redactor.value(json);
            case WHOLE -> json instanceof Boolean ? Redactor.MASK : redactor.member(SECRET, json);
        };
    }

    /**
     * What a hook means by a value that it has made of a masked one: the masks that stand where they stood are what they
     * hide.
     *
     * @param given what the hook gave
     * @param shown what it was shown
     * @param exact what that was made from
     */
    static @Nullable Object restored(@Nullable Object given, @Nullable Object shown, @Nullable Object exact) {
        Object whole = unmasked(given, shown, exact);
        return whole == given ? given : JsonValues.checked(whole, JsonLimits.TOOL);
    }

    private static @Nullable Object unmasked(@Nullable Object given, @Nullable Object shown, @Nullable Object exact) {
        if (shown == exact) {
            return given;
        }
        if (JsonValues.same(given, shown)) {
            return exact;
        }
        if (given instanceof Map<?, ?> now && shown instanceof Map<?, ?> then && exact instanceof Map<?, ?> real) {
            return members(now, then, real);
        }
        if (given instanceof List<?> now && shown instanceof List<?> then && exact instanceof List<?> real) {
            return elements(now, then, real);
        }
        return given;
    }

    private static Object members(Map<?, ?> given, Map<?, ?> shown, Map<?, ?> exact) {
        Map<@Nullable Object, @Nullable Object> whole = new LinkedHashMap<>();
        given.forEach((name, value) ->
                whole.put(name, shown.containsKey(name) ? unmasked(value, shown.get(name), exact.get(name)) : value));
        return whole;
    }

    private static Object elements(List<?> given, List<?> shown, List<?> exact) {
        int[] places = Alignment.of(given, shown);
        List<@Nullable Object> whole = new ArrayList<>(given.size());
        for (int i = 0; i < places.length; i++) {
            int place = places[i];
            whole.add(
                    place == Alignment.NEW ? given.get(i) : unmasked(given.get(i), shown.get(place), exact.get(place)));
        }
        return whole;
    }
}
