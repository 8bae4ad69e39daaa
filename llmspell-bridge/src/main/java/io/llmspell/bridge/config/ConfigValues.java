package io.llmspell.bridge.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Options with the places where they stand; later ones win.
 *
 * <p><b>Threads:</b> for the thread that fills it, then immutable.
 */
final class ConfigValues {
    private final Map<String, @Nullable Object> all = new LinkedHashMap<>();
    private final Map<String, String> places = new HashMap<>();

    boolean isEmpty() {
        return all.isEmpty();
    }

    Map<String, @Nullable Object> all() {
        return all;
    }

    /** Notes where an option stands, such as {@code llmspell.toml:3:1} or the name of a variable. */
    void place(String option, String where) {
        places.put(option, where);
    }

    /**
     * Place and name of an option, as messages show them; an option that is not set stands where its section does.
     *
     * @param option its full name, such as {@code hooks.rules[0].points}
     */
    Optional<String> place(String option) {
        for (String known = option; !known.isEmpty(); known = enclosing(known)) {
            String where = places.get(known);
            if (where != null) {
                return Optional.of(where + ": " + option);
            }
        }
        return Optional.empty();
    }

    private static String enclosing(String option) {
        return option.substring(0, Math.max(0, Math.max(option.lastIndexOf('.'), option.lastIndexOf('['))));
    }

    /** Sets an option by its path; names are matched without regard to case, because variables have none. */
    void set(List<String> path, Object value, String where) {
        Map<String, @Nullable Object> section = all;
        StringBuilder full = new StringBuilder();
        for (int i = 0; i < path.size(); i++) {
            String name = spelled(section, path.get(i));
            full.append(i == 0 ? "" : ".").append(name);
            if (i == path.size() - 1) {
                section.put(name, value);
            } else {
                section = inner(section, name);
                places.putIfAbsent(full.toString(), where);
            }
        }
        places.put(full.toString(), where);
    }

    private static String spelled(Map<String, @Nullable Object> section, String name) {
        Map<String, Object> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        section.keySet().forEach(key -> anyCase.put(key, key));
        return String.valueOf(anyCase.getOrDefault(name, name));
    }

    @SuppressWarnings("unchecked") // sections are made here and by TomlFile, with text keys
    private static Map<String, @Nullable Object> inner(Map<String, @Nullable Object> section, String name) {
        if (section.get(name) instanceof Map<?, ?> present) {
            return (Map<String, @Nullable Object>) present;
        }
        Map<String, @Nullable Object> fresh = new LinkedHashMap<>();
        section.put(name, fresh);
        return fresh;
    }
}
