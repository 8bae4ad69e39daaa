package io.llmspell.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.testing.event.RecordingEventBus.Published;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

final class AgentLifeTest {
    private final AgentsFixture fixture = new AgentsFixture();

    private static AgentConfig basic(String name) {
        return AgentConfig.builder(name).type("basic").build();
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String... named) {
        assertThatThrownBy(call).isInstanceOfSatisfying(LlmSpellException.class, error -> {
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.getMessage()).contains(List.of(named));
        });
    }

    private List<String> transitions() {
        return fixture.bus.published().stream()
                .filter(event -> event.draft().type().equals("agent.state.changed"))
                .map(event -> (JsonObject) Objects.requireNonNull(event.draft().payload()))
                .map(payload -> payload.text("from_state") + ">" + payload.text("to_state"))
                .toList();
    }

    @Test
    void basicAgent_text_answersInFixedForm() {
        Agent agent = fixture.create(basic("hello"));
        assertThat(fixture.ask(agent, "hi"))
                .containsEntry("text", "BasicAgent 'hello' received: hi")
                .containsEntry("success", true)
                .containsKeys(
                        "tool_calls",
                        "token_usage",
                        "usage",
                        "model",
                        "provider",
                        "finish_reason",
                        "execution_time",
                        "metadata");
    }

    @Test
    void life_fromCreationToEnd_showsItsStates() {
        Agent agent = fixture.create(basic("hello"));
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        fixture.ask(agent, "hi");
        agent.terminate(fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.TERMINATED);
        assertThat(transitions())
                .containsExactly(
                        "uninitialized>initializing",
                        "initializing>ready",
                        "ready>running",
                        "running>ready",
                        "ready>terminating",
                        "terminating>terminated");
        assertThat(fixture.agents.registry().find("hello")).isEmpty();
    }

    @Test
    void points_run_beforeTheNewStateShows() {
        Agent agent = fixture.create(basic("hello"));
        fixture.trace(
                agent, "BeforeAgentExecution", "AfterAgentExecution", "BeforeAgentShutdown", "AfterAgentShutdown");
        fixture.ask(agent, "hi");
        agent.terminate(fixture.caller);
        assertThat(fixture.points)
                .containsExactly(
                        "BeforeAgentExecution ready",
                        "AfterAgentExecution running",
                        "BeforeAgentShutdown ready",
                        "AfterAgentShutdown terminating");
    }

    @Test
    void create_initPoints_seeConfigAndResult() {
        fixture.hook("BeforeAgentInit", context -> {
            fixture.points.add(String.valueOf(((JsonObject) Objects.requireNonNull(context.data())).get("model")));
            return HookResult.proceed();
        });
        fixture.hook("AfterAgentInit", context -> {
            fixture.points.add(String.valueOf(context.data()));
            assertThat(fixture.agents.registry().find("writer")).isEmpty();
            return HookResult.proceed();
        });
        fixture.create("offline/echo");
        assertThat(fixture.points).containsExactly("offline/echo", "{tools=[], model=offline/echo}");
    }

    @Test
    void create_configModifiedByHook_isUsed() {
        fixture.hook(
                "BeforeAgentInit",
                context -> HookResult.modified(
                        ((JsonObject) Objects.requireNonNull(context.data())).with("type", "basic")));
        Agent agent = fixture.create("offline/echo");
        assertThat(agent.config().type()).isEqualTo("basic");
        assertThat(fixture.ask(agent, "hi").text("text")).startsWith("BasicAgent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BeforeAgentInit", "AfterAgentInit"})
    void create_vetoed_leavesNoAgent(String point) {
        fixture.hook(point, context -> HookResult.cancel("not today"));
        assertThatThrownBy(() -> fixture.create("offline/echo"))
                .isInstanceOf(OperationCancelledException.class)
                .hasMessageContaining("not today");
        assertThat(fixture.agents.registry().list()).isEmpty();
    }

    static Stream<Arguments> badConfigs() {
        return Stream.of(
                Arguments.of("openai/gpt-4", "provider_not_configured", "offline"),
                Arguments.of("offlin/echo", "provider_not_configured", "did you mean \"offline\"?"),
                Arguments.of("", "invalid_argument", "provider/model"),
                Arguments.of("offline/", "invalid_argument", "provider/model"));
    }

    @ParameterizedTest
    @MethodSource("badConfigs")
    void create_badModel_isRefused(String model, String code, String named) {
        refused(() -> fixture.create(model), ErrorCode.of(code), named);
        assertThat(fixture.agents.registry().list()).isEmpty();
    }

    @Test
    void create_unknownTool_namesNearest() {
        refused(() -> fixture.create("offline/echo", "calculater"), ErrorCode.TOOL_NOT_FOUND, "calculator");
    }

    @Test
    void create_nameTaken_isRefusedUntilTermination() {
        Agent first = fixture.create(basic("hello"));
        refused(() -> fixture.create(basic("hello")), ErrorCode.AGENT_EXISTS, "hello");
        first.terminate(fixture.caller);
        assertThat(fixture.create(basic("hello"))).isNotSameAs(first);
    }

    @Test
    void find_nameOrId_givesAgent() {
        Agent agent = fixture.create(basic("hello"));
        assertThat(fixture.agents.registry().find("hello")).containsSame(agent);
        assertThat(fixture.agents.registry().find(agent.component().id().toString()))
                .containsSame(agent);
        assertThat(fixture.agents.registry().find("other")).isEmpty();
    }

    @Test
    void run_terminatedAgent_namesStates() {
        Agent agent = fixture.create(basic("hello"));
        agent.terminate(fixture.caller);
        refused(() -> fixture.ask(agent, "hi"), ErrorCode.INVALID_TRANSITION, "hello", "terminated", "running");
        refused(() -> agent.terminate(fixture.caller), ErrorCode.INVALID_TRANSITION, "final");
    }

    @Test
    void run_inputWithoutText_isRefused() {
        Agent agent = fixture.create(basic("hello"));
        refused(() -> agent.run(JsonObject.of("prompt", 1), fixture.caller), ErrorCode.TYPE_MISMATCH, "text");
    }

    @Test
    void terminate_vetoed_keepsAgent() {
        Agent agent = fixture.create(basic("hello"));
        fixture.hook("BeforeAgentShutdown", context -> HookResult.cancel("still needed"));
        assertThatThrownBy(() -> agent.terminate(fixture.caller)).isInstanceOf(OperationCancelledException.class);
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        assertThat(fixture.ask(agent, "hi").text("text")).contains("hi");
    }

    @Test
    void run_vetoed_keepsStateAndReportsFailure() {
        Agent agent = fixture.create(basic("hello"));
        fixture.hook("BeforeAgentExecution", context -> HookResult.cancel("no"));
        assertThatThrownBy(() -> fixture.ask(agent, "hi")).isInstanceOf(OperationCancelledException.class);
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        List<Published> events = fixture.bus.published();
        assertThat(events.get(events.size() - 1).draft().type()).isEqualTo("agent.run.failed");
        assertThat(transitions()).doesNotContain("ready>running");
    }

    @Test
    void run_outputModifiedByHook_isGivenOut() {
        Agent agent = fixture.create(basic("hello"));
        fixture.hook("BeforeAgentExecution", context -> HookResult.modified(JsonObject.of("text", "changed")));
        fixture.hook(
                "AfterAgentExecution",
                context -> HookResult.modified(((JsonObject) Objects.requireNonNull(context.data())).with("note", 1)));
        assertThat(fixture.ask(agent, "hi"))
                .containsEntry("text", "BasicAgent 'hello' received: changed")
                .containsEntry("note", 1L);
    }

    @Test
    void run_replacedByHook_isCompletedResponse() {
        Agent agent = fixture.create(basic("hello"));
        fixture.hook("BeforeAgentExecution", context -> HookResult.replace("canned"));
        JsonObject answer = fixture.ask(agent, "hi");
        assertThat(answer).containsEntry("text", "canned").containsEntry("success", true);
        assertThat(JsonValues.same(answer.get("tool_calls"), List.of())).isTrue();
    }

    @Test
    void run_afterFailure_recoversWithItsPoints() {
        AtomicInteger calls = new AtomicInteger();
        AgentsFixture failing = new AgentsFixture(new ScriptedProvider(request -> calls.getAndIncrement() == 0
                ? Mono.error(new java.io.IOException("down"))
                : Mono.just(ScriptedProvider.said("up"))));
        Agent agent = failing.create("test/any");
        failing.trace(agent, "AgentError", "agent_recovering", "agent_recovered", "BeforeAgentExecution");
        refused(() -> failing.ask(agent, "hi"), ErrorCode.PROVIDER_ERROR, "test/any", "IOException");
        assertThat(agent.state()).isEqualTo(AgentState.ERROR);
        assertThat(failing.ask(agent, "hi").text("text")).isEqualTo("up");
        assertThat(failing.points)
                .containsExactly(
                        "BeforeAgentExecution ready",
                        "AgentError running",
                        "agent_recovering error",
                        "agent_recovered recovering",
                        "BeforeAgentExecution ready");
    }

    @Test
    void run_failingAgain_stopsAfterThreeRecoveries() {
        AgentsFixture failing = new AgentsFixture(new ScriptedProvider(request -> Mono.empty()));
        Agent agent = failing.create("test/any");
        for (int i = 0; i < 4; i++) {
            refused(() -> failing.ask(agent, "hi"), ErrorCode.PROVIDER_ERROR, "gave no answer");
        }
        refused(() -> failing.ask(agent, "hi"), ErrorCode.LIMIT_EXCEEDED, "max_recovery_attempts");
    }

    @Test
    void recovery_vetoed_staysInError() {
        AgentsFixture failing = new AgentsFixture(new ScriptedProvider(request -> Mono.empty()));
        Agent agent = failing.create("test/any");
        refused(() -> failing.ask(agent, "hi"), ErrorCode.PROVIDER_ERROR, "test");
        failing.hook("agent_recovering", context -> HookResult.cancel("leave it"));
        refused(() -> failing.ask(agent, "hi"), ErrorCode.OPERATION_CANCELLED, "leave it");
        assertThat(agent.state()).isEqualTo(AgentState.ERROR);
    }
}
