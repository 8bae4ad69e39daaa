package io.llmspell.bridge.config;

import io.llmspell.core.error.ConfigException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads options from variables: {@code LLMSPELL_}, then the path in upper case with {@code __} between the levels.
 *
 * <p>Every option lies in a section, so a variable without {@code __} names none: those belong to the launcher and to
 * model providers.
 */
final class Environment {
    private static final String PREFIX = "LLMSPELL_";
    private static final String LEVEL = "__";
    private static final Map<String, List<String>> SHORT = Map.of(
            "LLMSPELL_DATA_DIR", List.of("runtime", "data_dir"),
            "LLMSPELL_ENGINE", List.of("runtime", "default_engine"));
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,30}(\\.\\d{1,30})?");
    private static final String STRUCTURED = "[{\"'";

    private Environment() {}

    /** Adds what the variables say. */
    static void read(Map<String, String> environment, ConfigValues values) {
        SHORT.forEach((variable, path) -> {
            String text = environment.getOrDefault(variable, "");
            if (!text.isEmpty()) {
                values.set(path, text, variable);
            }
        });
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (variable.startsWith(PREFIX) && variable.contains(LEVEL)) {
                values.set(path(variable), value(text, variable), variable);
            }
        });
    }

    private static List<String> path(String variable) {
        String name = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
        List<String> path = List.of(name.split(LEVEL, -1));
        if (path.contains("")) {
            throw new ConfigException(
                    variable,
                    "names no option; write the section, two underscores and the option, such as "
                            + "LLMSPELL_RUNTIME__DATA_DIR");
        }
        return path;
    }

    /** Texts need no quotes here; what begins like a list, a table or a quoted text is read as TOML. */
    private static Object value(String text, String variable) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        if (NUMBER.matcher(text).matches()) {
            return new BigDecimal(text);
        }
        if (!text.isEmpty() && STRUCTURED.indexOf(text.charAt(0)) >= 0) {
            return Objects.requireNonNullElse(TomlFile.value(text, variable), text);
        }
        return text;
    }
}
