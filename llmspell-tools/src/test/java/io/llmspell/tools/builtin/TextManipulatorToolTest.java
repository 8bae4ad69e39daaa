package io.llmspell.tools.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolExecutor;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.testing.tool.ToolContract;
import io.llmspell.tools.ToolsFixture;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TextManipulatorToolTest implements ToolContract {
    private final ToolsFixture fixture = new ToolsFixture();

    @Override
    public Tool tool() {
        return fixture.tools.registry().find("text_manipulator").orElseThrow();
    }

    @Override
    public ToolExecutor executor() {
        return fixture.tools.executor();
    }

    @Override
    public JsonObject goodParameters() {
        return JsonObject.of("input", "text", "operation", "uppercase");
    }

    @Override
    public String neededParameter() {
        return "operation";
    }

    private static Arguments row(String operation, JsonObject options, Object input, Object result) {
        return Arguments.of(operation, options, input, result);
    }

    private static JsonObject options(Object... pairs) {
        return JsonObject.of(pairs);
    }

    static Stream<Arguments> operations() {
        return Stream.of(
                row("uppercase", options(), "straße i", "STRASSE I"),
                row("lowercase", options(), "TITLE İ", "title i̇"),
                row("reverse", options(), "abc", "cba"),
                row("reverse", options(), "e\u0301a", "ae\u0301"),
                row("reverse", options(), "", ""),
                row("trim", options(), " \t a b \n", "a b"),
                row("replace", options("from", "a", "to", "bb"), "a-a", "bb-bb"),
                row("replace", options("from", "aa", "to", "a"), "aaaa", "aa"),
                row("replace", options("from", "$1", "to", "\\"), "x$1", "x\\"),
                row("substring", options("start", 1, "end", 3), "abcd", "bc"),
                row("substring", options("start", 1), "a\uD83D\uDE00b", "\uD83D\uDE00b"),
                row("substring", options("end", 99), "abc", "abc"),
                row("split", options("delimiter", ", "), "a, b, ", JsonArray.of("a", "b", "")),
                row("split", options(), "a,b", JsonArray.of("a", "b")),
                row("split", options("delimiter", ""), "a\uD83D\uDE00", JsonArray.of("a", "\uD83D\uDE00")),
                row("join", options(), JsonArray.of("a", "b"), "a b"),
                row("join", options("delimiter", "-"), "a\nb", "a-b"),
                row("snake_case", options(), "HTTPServer isUp 2Day", "http_server_is_up_2_day"),
                row("camel_case", options(), "some_name here", "someNameHere"),
                row("pascal_case", options(), "some-name", "SomeName"),
                row("sanitize", options(), "a\u0000b\u202Ec\r\nd\te", "abc\nd\te"),
                row("truncate", options("max_length", 5), "abcdefg", "ab..."),
                row("truncate", options("max_length", 2), "abcdefg", "ab"),
                row("truncate", options(), "abc", "abc"),
                row("indent", options("spaces", 2), "a\n\nb", "  a\n\n  b"),
                row("dedent", options(), "    a\n      b\n\n    c", "a\n  b\n\nc"),
                row("normalize_whitespace", options(), "  a \n\t b ", "a b"),
                row("word_wrap", options("width", 7), "one two three abcdefghij k", "one two\nthree\nabcdefghij\nk"),
                row("word_wrap", options(), "", ""));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operation_input_givesResult(String operation, JsonObject options, Object input, Object expected) {
        ToolResult result =
                fixture.call("text_manipulator", "operation", operation, "input", input, "options", options);
        assertThat(result.error()).isNull();
        assertThat(result.result().get("result")).isEqualTo(expected);
        assertThat(result.result().text("operation")).isEqualTo(operation);
    }

    @Test
    void result_lengths_countCodePoints() {
        JsonObject result = fixture.call(
                        "text_manipulator",
                        "operation",
                        "replace",
                        "input",
                        "a\uD83D\uDE00",
                        "options",
                        options("from", "a", "to", "bb"))
                .result();
        assertThat(result).containsEntry("original_length", 2L).containsEntry("result_length", 3L);
    }

    static Stream<Arguments> badOptions() {
        return Stream.of(
                row("uppercase", options("width", 3), "a", "takes no options"),
                row("replace", options("from", "a"), "a", "from and to"),
                row("substring", options("start", 3, "end", 1), "abcd", "behind end"),
                row("indent", options("width", 1), "a", "only spaces"),
                row("uppercase", options(), JsonArray.of("a"), "only join takes an array"));
    }

    @ParameterizedTest
    @MethodSource("badOptions")
    void operation_badOptions_isFailedTool(String operation, JsonObject options, Object input, String named) {
        LlmSpellException error = Objects.requireNonNull(
                fixture.call("text_manipulator", "operation", operation, "input", input, "options", options)
                        .error());
        assertThat(error.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(error.getMessage()).contains(named);
    }

    @Test
    void replace_growingWithoutBound_isRefused() {
        LlmSpellException error = Objects.requireNonNull(fixture.call(
                        "text_manipulator",
                        "operation",
                        "replace",
                        "input",
                        "a".repeat(100_000),
                        "options",
                        options("from", "a", "to", "b".repeat(100_000)))
                .error());
        assertThat(error.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    }
}
