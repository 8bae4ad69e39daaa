package io.llmspell.tools.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolExecutor;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.testing.tool.ToolContract;
import io.llmspell.tools.ToolsFixture;
import java.math.BigInteger;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CalculatorToolTest implements ToolContract {
    private final ToolsFixture fixture = new ToolsFixture();

    @Override
    public Tool tool() {
        return fixture.tools.registry().find("calculator").orElseThrow();
    }

    @Override
    public ToolExecutor executor() {
        return fixture.tools.executor();
    }

    @Override
    public JsonObject goodParameters() {
        return JsonObject.of("input", "6 * 7");
    }

    @Override
    public String neededParameter() {
        return "input";
    }

    private Object value(Object... parameters) {
        ToolResult result = fixture.call("calculator", parameters);
        assertThat(result.error()).isNull();
        return Objects.requireNonNull(result.result().get("result"));
    }

    private LlmSpellException error(Object... parameters) {
        return Objects.requireNonNull(fixture.call("calculator", parameters).error());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2+3*4                  | 14
            2 ^ 10                 | 1024
            2^3^2                  | 512
            -2^2                   | -4
            0.1 + 0.2              | 0.3
            1/4                    | 0.25
            2^(-1)                 | 0.5
            10 % 3                 | 1
            9007199254740993 + 0   | 9007199254740993
            ROUND(2.345, 2)        | 2.35
            SQRT(16)               | 4
            max(1, 7, 3)           | 7
            SIN(90)                | 1
            2(3)                   | 6
            FACT(20)               | 2432902008176640000
            IF(1 > 2, 10, 20)      | 20
            1e3                    | 1000
            """)
    void evaluate_expression_givesNumber(String input, String expected) {
        Object wanted = expected.contains(".") ? (Object) Double.valueOf(expected) : Long.valueOf(expected);
        assertThat(value("input", input)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({"1 < 2,true", "1 = 2,false", "TRUE && !FALSE,true", "1 > 2 || 2 > 1,true"})
    void evaluate_logic_givesBoolean(String input, boolean expected) {
        assertThat(value("input", input)).isEqualTo(expected);
    }

    @Test
    void evaluate_wholeNumberBeyondLong_staysExact() {
        assertThat(value("input", "2^100")).isEqualTo(BigInteger.TWO.pow(100));
    }

    @Test
    void evaluate_thirdOfOne_isNearestDouble() {
        assertThat(value("input", "1/3")).isEqualTo(1.0 / 3);
    }

    @Test
    void evaluate_variables_areUsed() {
        JsonObject variables = JsonObject.of("x", 2, "y", 0.5, "on", true);
        assertThat(value("input", "IF(on, x / y, 0)", "variables", variables)).isEqualTo(4L);
    }

    @Test
    void evaluate_alias_isInput() {
        ToolResult result = fixture.call("calculator", "expression", "1+1");
        assertThat(result.result()).containsEntry("input", "1+1").containsEntry("result", 2L);
    }

    @Test
    void evaluate_result_hasItsForm() {
        assertThat(JsonValues.same(
                        fixture.call("calculator", "input", "1+1").result(),
                        JsonObject.of("operation", "evaluate", "input", "1+1", "result", 2, "result_type", "integer")))
                .isTrue();
    }

    /** Each of these would take minutes, gigabytes or both without its bound. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "9^9^9^9",
                "FACT(1e8)",
                "FACT(171)",
                "1e99999999 + 1",
                "1e99999999",
                "FLOOR(1e99999999)",
                "10^308 * 10^308 + 1",
                "1e-99999999 + 1",
                "(1e308 * 1e308) % 7",
                "2^(-1e9)",
            })
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void evaluate_beyondLimits_endsWithTypedError(String input) {
        assertThat(error("input", input).code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    }

    @Test
    void evaluate_longOrDeepExpression_endsWithTypedError() {
        assertThat(error("input", "1".repeat(10_001)).code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
        assertThat(error("input", "1" + "+1".repeat(4_000)).code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
        assertThat(error("input", "-".repeat(9_000) + "1").code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 +                | parse       | second operand
            (1                 | parse       | brace
            2^-1               | parse       | in parentheses
            foo(1)             | parse       | foo
            x + 1              | parse       | x
            STR_UPPER("a")     | parse       | STR_UPPER
            RANDOM()           | parse       | RANDOM
            1 / 0              | unsupported | ivision by zero
            SQRT(-1)           | unsupported | negative
            (-8)^(1/3)         | unsupported | no real value
            FACT(-1)           | unsupported | FACT
            FACT(1.5)          | unsupported | FACT
            ROUND(1, 1e8)      | unsupported | places
            """)
    void evaluate_badExpression_isFailedTool(String input, String kind, String named) {
        LlmSpellException error = error("input", input);
        assertThat(error.code()).isEqualTo(ErrorCode.TOOL_FAILED);
        assertThat(error.details()).containsEntry("kind", kind);
        assertThat(error.getMessage()).contains(named).contains(input);
    }

    @Test
    void validate_goodAndBad_tellsWhich() {
        assertThat(value("operation", "validate", "input", "1+1")).isEqualTo(true);
        ToolResult bad = fixture.call("calculator", "operation", "validate", "input", "1+");
        assertThat(bad.success()).isTrue();
        assertThat(bad.result()).containsEntry("result", false);
        assertThat(bad.result().text("message")).contains("operand");
    }

    @Test
    void functions_withoutInput_areListed() {
        assertThat(value("operation", "functions"))
                .asInstanceOf(InstanceOfAssertFactories.list(Object.class))
                .contains("SQRT", "LOG", "SINH")
                .doesNotContain("RANDOM");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"input": 5}                                   | input
            {"input": ""}                                  | input
            {"input": "1", "operation": "guess"}           | operation
            {"input": "1", "expression": "2"}              | input
            {"input": "x", "variables": {"x": [1]}}        | x
            {"input": "x", "variables": {"x y": 1}}        | variables
            {"inptu": "1"}                                 | did you mean "input"?
            """)
    void call_badParameters_areRefused(String json, String named) {
        JsonObject parameters =
                (JsonObject) Objects.requireNonNull(JsonCodec.create().parse(json, JsonLimits.TOOL));
        assertThatThrownBy(() -> fixture.tools.executor().invoke("calculator", parameters, fixture.caller))
                .isInstanceOfSatisfying(LlmSpellException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
                    assertThat(error.getMessage()).contains(named);
                });
    }
}
