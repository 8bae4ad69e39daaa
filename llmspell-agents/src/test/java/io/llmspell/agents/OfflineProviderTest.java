package io.llmspell.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.ModelMessage;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OfflineProviderTest {
    private final AgentsFixture fixture = new AgentsFixture();

    @Test
    void echo_text_answersWithIt() {
        JsonObject answer = fixture.ask(fixture.create("offline/echo"), "On tides");
        assertThat(answer).containsEntry("text", "(offline/echo) On tides").containsEntry("finish_reason", "stop");
    }

    @Test
    void echo_sameQuestion_sameAnswerAndUsage() {
        AgentsFixture other = new AgentsFixture();
        JsonObject first = fixture.ask(fixture.create("offline/echo"), "On tides");
        JsonObject second = other.ask(other.create("mock/echo"), "On tides");
        assertThat(second.get("text")).isEqualTo(first.get("text"));
        assertThat(second.get("token_usage")).isEqualTo(first.get("token_usage"));
        assertThat(first.get("token_usage"))
                .isEqualTo(JsonObject.of(
                        "input_tokens",
                        8,
                        "output_tokens",
                        3,
                        "total_tokens",
                        11,
                        "model",
                        "echo",
                        "provider",
                        "offline"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            calculate 2+3*4                            | The tool calculator gave 14.
            What is 6*7?                               | The tool calculator gave 42.
            COMPUTE 1/4.                               | The tool calculator gave 0.25.
            uppercase: on tides                        | The tool text_manipulator gave ON TIDES.
            Snake_Case: On Tides                       | The tool text_manipulator gave on_tides.
            call calculator {"input": "1+1"}           | The tool calculator gave 2.
            call text-manipulator {"input":"ab","operation":"reverse"} | The tool text-manipulator gave ba.
            """)
    void tools_line_callsToolAndReports(String text, String sentence) {
        Agent agent = fixture.create("offline/tools", "*");
        assertThat(fixture.ask(agent, text)).containsEntry("text", "(offline/tools) " + sentence);
    }

    @Test
    void tools_severalLines_callSeveralTools() {
        JsonObject answer = fixture.ask(fixture.create("offline/tools", "*"), "Please:\ncalculate 1+1\nreverse: ab");
        assertThat(answer)
                .containsEntry(
                        "text", "(offline/tools) The tool calculator gave 2. The tool text_manipulator gave ba.");
        assertThat((List<?>) Objects.requireNonNull(answer.get("tool_calls"))).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            calculate 1/0                       | The tool calculator failed: the expression "1/0" has no value
            call calculator {"inptu": "1"}      | The tool calculator failed: parameters of tool "calculator" are not valid
            """)
    void tools_failingTool_isReported(String text, String sentence) {
        assertThat(fixture.ask(fixture.create("offline/tools", "*"), text).text("text"))
                .startsWith("(offline/tools) " + sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            what is love?
            calculate
            call
            call calculator {no json}
            call no_such_tool {}
            hello: you
            """)
    void tools_otherText_saysWhatItUnderstands(String text) {
        JsonObject answer = fixture.ask(fixture.create("offline/tools", "calculator"), text);
        assertThat(answer.text("text")).contains("I am a script").contains("my tools are calculator");
        assertThat((List<?>) Objects.requireNonNull(answer.get("tool_calls"))).isEmpty();
    }

    @Test
    void tools_toolNotOffered_isNotCalled() {
        assertThat(fixture.ask(fixture.create("offline/tools", "text_manipulator"), "calculate 1+1")
                        .text("text"))
                .contains("my tools are text_manipulator");
    }

    @Test
    void complete_maxTokens_cutsAnswer() {
        ModelRequest request = new ModelRequest(
                "echo", List.of(ModelMessage.of(ModelMessage.Role.USER, "one two three")), List.of(), null, 2);
        ModelResponse response = new OfflineProvider()
                .complete(request, fixture.caller)
                .blockOptional()
                .orElseThrow();
        assertThat(response.text()).isEqualTo("(offline/echo) one");
        assertThat(response.finishReason()).isEqualTo("length");
        assertThat(response.usage().outputTokens()).isEqualTo(2);
    }

    @Test
    void complete_unknownModel_namesNearest() {
        Agent agent = fixture.create("offline/eco");
        assertThatThrownBy(() -> fixture.ask(agent, "hi")).isInstanceOfSatisfying(LlmSpellException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.PROVIDER_NOT_CONFIGURED);
            assertThat(error.getMessage()).contains("eco").contains("did you mean \"echo\"?");
        });
    }
}
