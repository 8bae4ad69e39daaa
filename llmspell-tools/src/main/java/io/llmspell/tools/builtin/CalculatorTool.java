package io.llmspell.tools.builtin;

import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates arithmetic and logical expressions in decimal arithmetic of 68 digits.
 *
 * <p>Operations: {@code evaluate} (the default) gives the value of {@code input}, {@code validate} tells whether
 * {@code input} can be read, {@code functions} lists what an expression may use. Whole numbers of up to 68 digits come
 * back exactly, other numbers as the nearest floating-point number. Every number must lie within 1e308, an expression
 * within 10,000 characters and 10,000 operations (numbers, names, operators and functions), so that every call ends soon;
 * the limit of its time is 5 s.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@code limit_exceeded}, and {@code tool_failed} of kind {@code parse} (the
 * expression cannot be read) or {@code unsupported} (it has no value, such as a division by zero).
 */
public final class CalculatorTool implements Tool {
    private static final ToolInfo INFO = new ToolInfo(
            "calculator",
            "1.0.0",
            "utility",
            "Evaluates an arithmetic or logical expression such as \"2 + 3 * 4\", \"SQRT(x) >= 2\" or \"ROUND(10 / 3, 2)\"."
                    + " SIN, COS, TAN and their inverses work in degrees, SINR, COSR, TANR in radians.",
            schema(),
            SecurityLevel.SAFE,
            Set.of("math"));

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final long MOST_OPERATIONS = 10_000;

    /** Makes the tool. */
    public CalculatorTool() {}

    private static JsonObject schema() {
        return JsonObject.of(
                "type",
                "object",
                "properties",
                JsonObject.of(
                        "operation",
                        JsonObject.of(
                                "type",
                                "string",
                                "enum",
                                JsonArray.of("evaluate", "validate", "functions"),
                                "default",
                                "evaluate",
                                "description",
                                "evaluate the expression, only check that it can be read, or list what it may use"),
                        "input",
                        JsonObject.of(
                                "type",
                                "string",
                                "minLength",
                                1,
                                "description",
                                "the expression; also accepted under the name \"expression\""),
                        "variables",
                        JsonObject.of(
                                "type",
                                "object",
                                "propertyNames",
                                JsonObject.of("pattern", "^[A-Za-z_][A-Za-z0-9_]{0,63}$"),
                                "additionalProperties",
                                JsonObject.of("type", JsonArray.of("number", "boolean", "string")),
                                "default",
                                JsonObject.empty(),
                                "description",
                                "values of the names in the expression, such as {\"x\": 2}")),
                "if",
                JsonObject.of(
                        "properties",
                        JsonObject.of("operation", JsonObject.of("const", "functions")),
                        "required",
                        JsonArray.of("operation")),
                "else",
                JsonObject.of("required", JsonArray.of("input")),
                "additionalProperties",
                false,
                "x-aliases",
                JsonObject.of("expression", "input"));
    }

    @Override
    public ToolInfo info() {
        return INFO;
    }

    @Override
    public ToolLimits limits(ToolLimits usual) {
        return usual.withTime(LONGEST).withOperations(MOST_OPERATIONS);
    }

    @Override
    public JsonObject execute(JsonObject parameters, ToolRun run) {
        String operation = parameters.text("operation", "evaluate");
        String input = parameters.text("input", "");
        JsonObject variables = parameters.get("variables") instanceof JsonObject given ? given : JsonObject.empty();
        return switch (operation) {
            case "validate" -> validate(input, variables);
            case "functions" -> functions();
            default -> evaluate(input, variables, run);
        };
    }

    private static JsonObject evaluate(String input, Map<String, @Nullable Object> variables, ToolRun run) {
        Calculation calculation = new Calculation(input, variables);
        run.work(calculation.operations());
        Object value = calculation.value();
        return JsonObject.of(
                "operation", "evaluate", "input", input, "result", value, "result_type", Calculation.typeName(value));
    }

    private static JsonObject validate(String input, Map<String, @Nullable Object> variables) {
        String problem = "";
        try {
            new Calculation(input, variables).validate();
        } catch (ToolException wrong) {
            problem = wrong.text();
        }
        JsonObject result = JsonObject.of(
                "operation", "validate", "input", input, "result", problem.isEmpty(), "result_type", "boolean");
        return problem.isEmpty() ? result : result.with("message", problem);
    }

    private static JsonObject functions() {
        return JsonObject.of(
                "operation",
                "functions",
                "result",
                JsonValues.array(Dialect.functions(), JsonLimits.TOOL),
                "result_type",
                "array",
                "operators",
                JsonValues.array(Dialect.operators(), JsonLimits.TOOL),
                "constants",
                JsonValues.array(Dialect.constants(), JsonLimits.TOOL));
    }
}
