package io.llmspell.bridge.globals;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.text.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of an options table and refuses unknown names with the nearest known one.
 */
final class OptionReader {
    private final String function;
    private final Map<String, @Nullable Object> options;

    OptionReader(String function, Map<String, @Nullable Object> options, Set<String> known) {
        this.function = function;
        this.options = options;
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                String hint = Nearest.hint(name, known);
                throw new ArgumentException(
                        function + ": unknown option \"" + name + "\"" + (hint.isEmpty() ? known(known) : ", " + hint));
            }
        }
    }

    private static String known(Set<String> names) {
        return names.isEmpty() ? "; it takes none" : "; known are " + String.join(", ", new TreeSet<>(names));
    }

    @Nullable Object raw(String name) {
        return options.get(name);
    }

    boolean has(String name) {
        return options.get(name) != null;
    }

    String text(String name, String otherwise) {
        Object value = options.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof ScriptObject object) {
            return object.id();
        }
        throw wrong(name, "a text", value);
    }

    /** A language by its name, or null if none is given; a name that nobody knows would match nothing without a word. */
    @Nullable Language language(String name) {
        String id = optionalText(name);
        return id == null ? null : language(function + ": " + name, id);
    }

    static Language language(String what, String id) {
        Language language = Language.of(id);
        if (language == Language.UNKNOWN && !id.equals(Language.UNKNOWN.id())) {
            List<String> known =
                    Arrays.stream(Language.values()).map(Language::id).toList();
            String hint = Nearest.hint(id, known);
            throw new ArgumentException(what, id, String.join(", ", known) + (hint.isEmpty() ? "" : "; " + hint));
        }
        return language;
    }

    String requiredText(String name) {
        if (!has(name)) {
            throw new ArgumentException(function + ": option \"" + name + "\" is missing");
        }
        return text(name, "");
    }

    @Nullable String optionalText(String name) {
        return has(name) ? text(name, "") : null;
    }

    double number(String name, double otherwise, double least, double most) {
        Object value = options.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= most) {
            return number.doubleValue();
        }
        throw wrong(name, "a number between " + plain(least) + " and " + plain(most), value);
    }

    /** A count; a fraction would be cut off without a word. */
    long whole(String name, long otherwise, long least, long most) {
        Object value = options.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number
                && number.doubleValue() == Math.rint(number.doubleValue())
                && number.doubleValue() >= least
                && number.doubleValue() <= most) {
            return number.longValue();
        }
        throw wrong(name, "a whole number between " + least + " and " + most, value);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    boolean flag(String name, boolean otherwise) {
        Object value = options.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false", value);
    }

    List<String> texts(String name) {
        Object value = options.get(name);
        if (value == null || (value instanceof Map<?, ?> map && map.isEmpty())) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(name, "an array of texts", value);
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw wrong(name, "an array of texts", element);
            }
            texts.add(text);
        }
        return texts;
    }

    @SuppressWarnings("unchecked") // engines give maps with text keys only
    Map<String, @Nullable Object> map(String name) {
        Object value = options.get(name);
        if (value == null || (value instanceof List<?> list && list.isEmpty())) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw wrong(name, "a map", value);
    }

    @Nullable ScriptCallback callback(String name) {
        Object value = options.get(name);
        if (value == null || value instanceof ScriptCallback) {
            return (ScriptCallback) value;
        }
        throw wrong(name, "a function", value);
    }

    private ArgumentException wrong(String name, String expected, @Nullable Object found) {
        String shown = found instanceof ScriptCallback ? "a function" : JsonValueException.typeName(found);
        if (found instanceof String || found instanceof Number || found instanceof Boolean) {
            shown = "\"" + found + "\"";
        }
        return new ArgumentException(function + ": option \"" + name + "\" must be " + expected + ", but is " + shown);
    }
}
