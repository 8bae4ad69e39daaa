package io.llmspell.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AgentTypesTest {
    /** The catalogue's table of agent states; a state to itself is no transition. */
    private static final Map<String, Set<String>> TRANSITIONS = Map.of(
            "uninitialized", Set.of("initializing", "error"),
            "initializing", Set.of("ready", "error", "terminating"),
            "ready", Set.of("running", "paused", "error", "terminating"),
            "running", Set.of("ready", "paused", "error", "terminating"),
            "paused", Set.of("ready", "running", "error", "terminating"),
            "error", Set.of("recovering", "terminated", "terminating"),
            "recovering", Set.of("ready", "error", "terminating"),
            "terminating", Set.of("terminated", "error"),
            "terminated", Set.of());

    @Test
    void states_allow_exactlyTheTransitionsOfTheCatalogue() {
        Map<String, Set<String>> allowed = Arrays.stream(AgentState.values())
                .collect(Collectors.toMap(
                        AgentState::id,
                        from -> Arrays.stream(AgentState.values())
                                .filter(from::allows)
                                .map(AgentState::id)
                                .collect(Collectors.toSet())));

        assertThat(allowed).isEqualTo(TRANSITIONS);
    }

    @Test
    void config_unset_isTheDefault() {
        assertThat(AgentConfig.builder("writer").build())
                .isEqualTo(new AgentConfig(
                        "writer", "", "llm", "", "", List.of(), 25, 100, AgentLifecycle.LLM, Sampling.DEFAULT));
    }

    @Test
    void config_eachSetter_setsItsOwn() {
        List<String> tools = new ArrayList<>(List.of("calculator"));
        AgentConfig config = AgentConfig.builder("writer")
                .description("writes")
                .type("basic")
                .model("offline/echo")
                .systemPrompt("be brief")
                .tools(tools)
                .maxIterations(3)
                .maxToolCalls(0)
                .sampling(new Sampling(0.5, 200))
                .build();
        tools.add("shell");

        assertThat(config)
                .isEqualTo(new AgentConfig(
                        "writer",
                        "writes",
                        "basic",
                        "offline/echo",
                        "be brief",
                        List.of("calculator"),
                        3,
                        0,
                        AgentLifecycle.BASIC,
                        new Sampling(0.5, 200)));
    }

    @Test
    void config_outOfRange_isRefused() {
        assertThat(AgentConfig.builder("x".repeat(128)).build().name()).hasSize(128);
        refused(() -> AgentConfig.builder(" ").build(), "agent name is \" \", but must be 1 to 128 characters");
        refused(() -> AgentConfig.builder("x".repeat(129)).build(), "1 to 128 characters");
        refused(() -> AgentConfig.builder("x").type("robot").build(), "agent type is \"robot\"");
        refused(() -> AgentConfig.builder("x").maxIterations(0).build(), "at least 1 iteration and 0 tool calls");
        refused(() -> new Sampling(2.1, null), "temperature of an agent is \"2.1\", but must be 0 to 2");
        refused(() -> new Sampling(Double.NaN, null), "must be 0 to 2");
        refused(() -> new Sampling(null, 0), "max_tokens of an agent is \"0\", but must be at least 1");
        refused(() -> AgentConfig.builder("x").maxToolCalls(-1).build(), "at least 1 iteration and 0 tool calls");
    }

    @Test
    void usage_addsUp() {
        assertThat(TokenUsage.NONE.plus(new TokenUsage(2, 3)).plus(new TokenUsage(10, 20)))
                .isEqualTo(new TokenUsage(12, 23));
        assertThat(new TokenUsage(2, 3).totalTokens()).isEqualTo(5);
        assertThat(new TokenUsage(10, 1, 4).plus(new TokenUsage(5, 1, 99))).isEqualTo(new TokenUsage(15, 2, 9));
        assertThat(new TokenUsage(1, 0, -1).cachedTokens()).isZero();
    }

    @Test
    void modelTypes_listsAreCopied() {
        List<ToolCall> calls = new ArrayList<>(List.of(new ToolCall("c-1", "calculator", JsonObject.empty())));
        ModelMessage message = new ModelMessage(ModelMessage.Role.ASSISTANT, "", calls, null);
        ModelResponse response = new ModelResponse("", calls, TokenUsage.NONE, "tool_calls");
        List<ModelMessage> messages = new ArrayList<>(List.of(message));
        ModelRequest request = new ModelRequest("m", messages, List.of(), null, null);
        calls.clear();
        messages.clear();

        assertThat(message.toolCalls()).hasSize(1);
        assertThat(response.toolCalls()).hasSize(1);
        assertThat(request.messages()).containsExactly(message);
        assertThat(ModelMessage.of(ModelMessage.Role.USER, "hi"))
                .isEqualTo(new ModelMessage(ModelMessage.Role.USER, "hi", List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "-a", "_a", "a b", "a.b", "ä"})
    void toolInfo_badName_isRefused(String name) {
        refused(() -> info(name), "1 to 64 letters, digits, _ and -, a letter first");
        refused(() -> info("x".repeat(65)), "1 to 64 letters");
        assertThat(info("A" + "b-_9".repeat(15) + "xyz").name()).hasSize(64);
    }

    @Test
    void toolInfo_tags_areCopiedAndBounded() {
        Set<String> tags = new HashSet<>(Set.of("math"));
        ToolInfo info = tagged(tags);
        tags.add("later");

        assertThat(info.tags()).containsExactly("math");
        assertThat(info("a").tags()).isEmpty();
        refused(() -> tagged(Set.of(" ")), "tag of tool a");
        refused(() -> tagged(Set.of("x".repeat(65))), "1 to 64 characters");
        Set<String> many = IntStream.range(0, 33).mapToObj(i -> "t" + i).collect(Collectors.toSet());
        refused(() -> tagged(many), "33 tags");
    }

    private static ToolInfo tagged(Set<String> tags) {
        return new ToolInfo("a", "1.0.0", "utility", "", JsonObject.empty(), SecurityLevel.SAFE, tags);
    }

    private static ToolInfo info(String name) {
        return new ToolInfo(name, "1.0.0", "utility", "", JsonObject.empty(), SecurityLevel.SAFE);
    }

    @Test
    void toolInfo_lookup_treatsDashAndCaseAlike() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(ToolInfo.lookup("TEXT-I"))
                    .isEqualTo(ToolInfo.lookup("text_i"))
                    .isEqualTo("text_i");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void securityLevels_areInOrder() {
        assertThat(Arrays.stream(SecurityLevel.values()).map(SecurityLevel::id))
                .containsExactly("safe", "restricted", "privileged");
    }

    @Test
    void toolResult_succeedsWithoutAnError() {
        ToolResult good = new ToolResult("t", "c", JsonObject.empty(), null, Duration.ZERO);
        ToolResult bad = new ToolResult("t", "c", JsonObject.empty(), new ArgumentException("no"), Duration.ZERO);

        assertThat(good.success()).isTrue();
        assertThat(bad.success()).isFalse();
    }

    private static void refused(ThrowingCallable call, String text) {
        assertThatThrownBy(call).isInstanceOf(ArgumentException.class).hasMessageContaining(text);
    }
}
