package io.llmspell.bridge.config;

import io.llmspell.core.error.ConfigException;
import io.llmspell.core.redact.Redactor;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Turns TOML into JSON values and notes where each of them stands. The only user of the TOML library. */
final class TomlFile {
    private static final long LARGEST = 1L << 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String source;
    private final ConfigValues values;

    private TomlFile(String source, ConfigValues values) {
        this.source = source;
        this.values = values;
    }

    /** Adds what a file says. */
    static void read(Path file, ConfigValues values) {
        TomlFile reading = new TomlFile(file.toString(), values);
        values.all().putAll(reading.table("", parse(text(file), file.toString())));
    }

    /** Reads one value, such as {@code ["a", "b"]}. */
    static @Nullable Object value(String text, String source) {
        TomlTable table = parse("value = " + text, source);
        return new TomlFile(source, new ConfigValues()).table("", table).get("value");
    }

    private static String text(Path file) {
        if (Files.isDirectory(file)) {
            throw new ConfigException(file.toString(), "is a folder; name a file such as llmspell.toml");
        }
        if (!Files.exists(file)) {
            throw new ConfigException(file.toString(), "there is no such file");
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new ConfigException(
                        file.toString(), "is " + Files.size(file) + " bytes long, at most " + LARGEST + " are allowed");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ConfigException(file.toString(), "is no UTF-8 text");
        } catch (IOException e) {
            throw new ConfigException(
                    file.toString(), "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static TomlTable parse(String text, String source) {
        TomlParseResult result;
        try {
            result = Toml.parse(text);
        } catch (StackOverflowError e) { // the parser descends once for each bracket
            throw new ConfigException(source, "is nested too deep; write tables with [headers]");
        }
        List<TomlParseError> errors = result.errors();
        if (!errors.isEmpty()) {
            throw new ConfigException(
                    place(source, errors.get(0).position()),
                    errors.stream()
                            .map(error -> shown(error, source, error == errors.get(0)))
                            .collect(Collectors.joining("\n  ")));
        }
        return result;
    }

    /** What the library says shows pieces of the text, which may be secret. */
    private static String shown(TomlParseError error, String source, boolean first) {
        String text = Redactor.create().text(String.valueOf(error.getMessage()));
        return first ? text : place(source, error.position()) + ": " + text;
    }

    private static String place(String source, TomlPosition position) {
        return source + ":" + position.line() + ":" + position.column();
    }

    private Map<String, @Nullable Object> table(String path, TomlTable table) {
        Map<String, @Nullable Object> converted = new LinkedHashMap<>();
        for (String key : table.keySet()) {
            String name = path.isEmpty() ? key : path + "." + key;
            note(name, table.inputPositionOf(List.of(key)));
            converted.put(key, converted(name, table.get(List.of(key))));
        }
        return converted;
    }

    private List<@Nullable Object> array(String path, TomlArray array) {
        List<@Nullable Object> converted = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String name = path + "[" + i + "]";
            note(name, array.inputPositionOf(i));
            converted.add(converted(name, array.get(i)));
        }
        return converted;
    }

    private void note(String name, @Nullable TomlPosition position) {
        if (position != null) {
            values.place(name, place(source, position));
        }
    }

    /** Dates and times have no JSON value; no option is one, so their text is enough for a message. */
    private @Nullable Object converted(String name, @Nullable Object value) {
        if (value instanceof TomlTable table) {
            return table(name, table);
        }
        if (value instanceof TomlArray array) {
            return array(name, array);
        }
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Number) {
            return value;
        }
        return value.toString();
    }
}
