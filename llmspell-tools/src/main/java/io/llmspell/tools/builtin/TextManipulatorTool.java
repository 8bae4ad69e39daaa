package io.llmspell.tools.builtin;

import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes texts: case, white space, lines, parts.
 *
 * <p>Lengths and positions count code points. The result may hold up to 5 million characters. An option that the
 * operation does not take is an error, so that a misspelt or misplaced one is not missed.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@code validation_failed}, {@code limit_exceeded}.
 */
public final class TextManipulatorTool implements Tool {
    private static final ToolInfo INFO = new ToolInfo(
            "text_manipulator",
            "1.0.0",
            "utility",
            "Changes a text: its case, white space, lines or parts, as \"operation\" says.",
            schema(),
            SecurityLevel.SAFE,
            Set.of("text"));

    /** Makes the tool. */
    public TextManipulatorTool() {}

    private static JsonObject schema() {
        return JsonObject.of(
                "type",
                "object",
                "properties",
                JsonObject.of(
                        "input",
                        JsonObject.of(
                                "type",
                                JsonArray.of("string", "array"),
                                "items",
                                JsonObject.of("type", "string"),
                                "description",
                                "the text; for join an array of texts, or a text whose lines are joined"),
                        "operation",
                        JsonObject.of(
                                "type",
                                "string",
                                "enum",
                                JsonValues.array(TextOperations.names(), JsonLimits.TOOL),
                                "description",
                                "what to do with the text"),
                        "options",
                        options()),
                "required",
                JsonArray.of("input", "operation"),
                "additionalProperties",
                false);
    }

    private static JsonObject options() {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        options.put(
                "from",
                option("string", "replace: the text to look for; not empty").with("minLength", 1));
        options.put("to", option("string", "replace: what to put in its place"));
        options.put(
                "start",
                whole(0, 2_000_000_000, "substring: the first position, from 0").with("default", 0));
        options.put(
                "end", whole(0, 2_000_000_000, "substring: the position behind the last; else the end of the text"));
        options.put(
                "delimiter",
                option("string", "split (default a comma) and join (default a space): what stands between the parts"));
        options.put(
                "max_length",
                whole(1, 2_000_000_000, "truncate: the longest result").with("default", 100));
        options.put(
                "spaces",
                whole(0, 100, "indent: how many spaces to put before each line").with("default", 4));
        options.put("width", whole(1, 10_000, "word_wrap: the longest line").with("default", 80));
        return JsonObject.of(
                "type",
                "object",
                "properties",
                JsonValues.object(options, JsonLimits.TOOL),
                "additionalProperties",
                false,
                "default",
                JsonObject.empty(),
                "description",
                "what some operations need besides the text");
    }

    private static JsonObject option(String type, String description) {
        return JsonObject.of("type", type, "description", description);
    }

    private static JsonObject whole(int least, int most, String description) {
        return option("integer", description).with("minimum", least).with("maximum", most);
    }

    @Override
    public ToolInfo info() {
        return INFO;
    }

    @Override
    public JsonObject execute(JsonObject parameters, ToolRun run) {
        String operation = parameters.text("operation");
        JsonObject options = parameters.get("options") instanceof JsonObject given ? given : JsonObject.empty();
        TextOperations.checkOptions(operation, options);
        Object input = parameters.get("input");
        Object result = input instanceof JsonArray parts
                ? TextOperations.join(operation, parts, options)
                : TextOperations.apply(operation, parameters.text("input"), options);
        return JsonObject.of(
                "operation",
                operation,
                "result",
                result,
                "original_length",
                length(input),
                "result_length",
                length(result));
    }

    /** Code points of a text, elements of an array. */
    private static long length(@Nullable Object value) {
        return value instanceof JsonArray parts
                ? parts.size()
                : value instanceof String text ? text.codePointCount(0, text.length()) : 0;
    }
}
