package io.llmspell.tools.builtin;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.ToolException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the text manipulator can do, by name. */
final class TextOperations {
    private static final Map<String, Set<String>> OPTIONS = optionsByOperation();

    private TextOperations() {}

    private static Map<String, Set<String>> optionsByOperation() {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        for (String name : List.of("uppercase", "lowercase", "reverse", "trim")) {
            table.put(name, Set.of());
        }
        table.put("replace", Set.of("from", "to"));
        table.put("substring", Set.of("start", "end"));
        table.put("split", Set.of("delimiter"));
        table.put("join", Set.of("delimiter"));
        for (String name : List.of("snake_case", "camel_case", "pascal_case", "sanitize")) {
            table.put(name, Set.of());
        }
        table.put("truncate", Set.of("max_length"));
        table.put("indent", Set.of("spaces"));
        table.put("dedent", Set.of());
        table.put("normalize_whitespace", Set.of());
        table.put("word_wrap", Set.of("width"));
        return table;
    }

    static List<String> names() {
        return List.copyOf(OPTIONS.keySet());
    }

    static void checkOptions(String operation, JsonObject options) {
        Set<String> known = OPTIONS.getOrDefault(operation, Set.of());
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                throw invalid(
                        "options." + name,
                        "operation \"" + operation + "\" takes "
                                + (known.isEmpty()
                                        ? "no options"
                                        : "only "
                                                + String.join(
                                                        ", ",
                                                        known.stream().sorted().toList())));
            }
        }
    }

    static Object apply(String operation, String text, JsonObject options) {
        return switch (operation) {
            case "uppercase" -> text.toUpperCase(Locale.ROOT);
            case "lowercase" -> text.toLowerCase(Locale.ROOT);
            case "reverse" -> reverse(text);
            case "trim" -> text.strip();
            case "replace" -> replace(text, options);
            case "substring" -> substring(text, options);
            case "split" -> split(text, options.text("delimiter", ","));
            case "join" -> join(operation, TextLines.of(text), options);
            case "snake_case" -> String.join("_", Words.of(text));
            case "camel_case" -> Words.camel(text, false);
            case "pascal_case" -> Words.camel(text, true);
            case "sanitize" -> sanitize(text);
            case "truncate" -> truncate(text, number(options, "max_length", 100));
            case "indent" -> TextLines.indent(text, number(options, "spaces", 4));
            case "dedent" -> TextLines.dedent(text);
            case "normalize_whitespace" -> text.strip().replaceAll("\\s+", " ");
            default -> TextLines.wrap(text, number(options, "width", 80));
        };
    }

    static String join(String operation, List<?> parts, JsonObject options) {
        if (!operation.equals("join")) {
            throw invalid("input", "only join takes an array, operation \"" + operation + "\" takes a text");
        }
        BoundedText joined = new BoundedText();
        String delimiter = options.text("delimiter", " ");
        for (int i = 0; i < parts.size(); i++) {
            joined.append(i == 0 ? "" : delimiter).append(String.valueOf(parts.get(i)));
        }
        return joined.text();
    }

    /** By characters as people see them, so that accents stay on their letters. */
    private static String reverse(String text) {
        BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(text);
        StringBuilder reversed = new StringBuilder(text.length());
        int end = characters.last();
        for (int start = characters.previous(); start != BreakIterator.DONE; start = characters.previous()) {
            reversed.append(text, start, end);
            end = start;
        }
        return reversed.toString();
    }

    private static String replace(String text, JsonObject options) {
        if (!options.containsKey("from") || !options.containsKey("to")) {
            throw invalid("options", "replace needs the options from and to");
        }
        String from = options.text("from");
        BoundedText replaced = new BoundedText();
        int done = 0;
        for (int found = text.indexOf(from); found >= 0; found = text.indexOf(from, done)) {
            replaced.append(text.substring(done, found)).append(options.text("to"));
            done = found + from.length();
        }
        return replaced.append(text.substring(done)).text();
    }

    private static String substring(String text, JsonObject options) {
        int length = text.codePointCount(0, text.length());
        int start = number(options, "start", 0);
        int end = number(options, "end", length);
        if (start > end) {
            throw invalid("options", "start is " + start + " and lies behind end, which is " + end);
        }
        int from = text.offsetByCodePoints(0, Math.min(start, length));
        return text.substring(from, text.offsetByCodePoints(0, Math.min(end, length)));
    }

    private static JsonArray split(String text, String delimiter) {
        List<String> parts = new ArrayList<>();
        if (delimiter.isEmpty()) {
            text.codePoints().forEach(point -> parts.add(Character.toString(point)));
            return JsonValues.array(parts, JsonLimits.TOOL);
        }
        int done = 0;
        for (int found = text.indexOf(delimiter); found >= 0; found = text.indexOf(delimiter, done)) {
            parts.add(text.substring(done, found));
            done = found + delimiter.length();
        }
        parts.add(text.substring(done));
        return JsonValues.array(parts, JsonLimits.TOOL);
    }

    /** Drops what is not to be seen but tab and line feed: control, format and bidirectional characters. */
    private static String sanitize(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .filter(point -> point == '\n' || point == '\t' || !isInvisible(point))
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isInvisible(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL || type == Character.FORMAT || type == Character.UNASSIGNED;
    }

    private static String truncate(String text, int longest) {
        if (text.codePointCount(0, text.length()) <= longest) {
            return text;
        }
        String mark = longest > 3 ? "..." : "";
        return text.substring(0, text.offsetByCodePoints(0, longest - mark.length())) + mark;
    }

    private static int number(JsonObject options, String name, int otherwise) {
        return options.get(name) instanceof Number number ? number.intValue() : otherwise;
    }

    private static ToolException invalid(String path, String problem) {
        return new ToolException(
                ErrorCode.VALIDATION_FAILED,
                "parameters of tool \"text_manipulator\" are not valid: $." + path + ": " + problem,
                Map.of("tool", "text_manipulator", "path", "$." + path),
                null);
    }
}
