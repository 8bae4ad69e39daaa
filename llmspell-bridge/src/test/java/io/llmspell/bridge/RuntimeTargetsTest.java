package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.Patience;
import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.ForkOperation;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.testing.tool.ScriptedTool;
import io.llmspell.tools.ToolResults;
import io.llmspell.workflows.SequentialDefinition;
import io.llmspell.workflows.WorkflowStep;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redirect and Fork in a real runtime: what they start, with whose rights, and where it shows. */
@Timeout(30)
final class RuntimeTargetsTest {
    private static final StateKey KEY = StateKey.of(Scope.GLOBAL, "k");

    private final LlmSpell spell = LlmSpell.builder().config(Patience.CONFIG).build();
    private final Caller caller = spell.caller();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        spell.close();
    }

    private void guard(HookPoint point, Hook hook) {
        spell.hooks()
                .register(
                        point,
                        HookOptions.builder("guard")
                                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                                .build(),
                        hook);
    }

    private void only(HookPoint point, String component, HookResult result) {
        guard(point, context -> component.equals(context.component().name()) ? result : HookResult.proceed());
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String... named) {
        assertThatThrownBy(call).isInstanceOfSatisfying(LlmSpellException.class, error -> {
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.getMessage()).contains(List.of(named));
        });
    }

    private ToolResult call(String tool, Object... parameters) {
        return spell.toolExecutor().invoke(tool, JsonObject.of(parameters), caller);
    }

    private void tool(String name) {
        spell.tools().register(new ScriptedTool(name, (parameters, run) -> {
            seen.add(name + " " + parameters + " " + run.caller().principal().text());
            return JsonObject.of("by", name);
        }));
    }

    private Agent agent(String name) {
        return spell.agents().create(AgentConfig.builder(name).type("basic").build(), caller);
    }

    private Workflow workflow(String name) {
        Workflow made = spell.workflows()
                .sequential(SequentialDefinition.builder(name)
                        .step(WorkflowStep.function("a", context -> name + " " + context.input()))
                        .build());
        spell.workflows().register(made);
        return made;
    }

    private @Nullable Object value(StateKey key) {
        return spell.state().as(caller).get(key).map(StateValue::json).orElse(null);
    }

    // ---- redirect ----

    @Test
    void tool_redirected_runsThePeerThroughItsOwnGate() {
        tool("first");
        tool("second");
        only(HookPoint.BEFORE_TOOL_EXECUTION, "first", HookResult.redirect("second"));
        spell.hooks().register(HookPoint.AFTER_TOOL_EXECUTION, "sees", context -> {
            seen.add("after " + context.component().name() + " "
                    + context.operation().replaced());
            return HookResult.proceed();
        });
        assertThat(call("first", "x", 1).result()).isEqualTo(JsonObject.of("by", "second"));
        assertThat(seen).containsExactly("second {x=1} host", "after second false", "after first true");
    }

    @Test
    void tool_redirectedToWhatItMayNotUse_isRefused() {
        tool("first");
        spell.tools()
                .register(new ScriptedTool(
                        "root",
                        SecurityLevel.PRIVILEGED,
                        JsonObject.of("type", "object"),
                        (parameters, run) -> parameters));
        only(HookPoint.BEFORE_TOOL_EXECUTION, "first", HookResult.redirect("root"));
        refused(() -> call("first"), ErrorCode.PERMISSION_DENIED, "root");
    }

    @Test
    void tool_redirectedToUnknownOrFailingPeer_failsWithItsError() {
        tool("first");
        spell.tools().register(new ScriptedTool("bad", (parameters, run) -> {
            throw new java.io.IOException("gone");
        }));
        only(HookPoint.BEFORE_TOOL_EXECUTION, "first", HookResult.redirect("secnd"));
        refused(() -> call("first"), ErrorCode.TOOL_NOT_FOUND, "secnd");
        tool("other");
        spell.hooks()
                .register(
                        HookPoint.TOOL_VALIDATION,
                        "to bad",
                        context -> "other".equals(context.component().name())
                                ? HookResult.redirect("bad")
                                : HookResult.proceed());
        refused(() -> call("other"), ErrorCode.TOOL_FAILED, "gone");
    }

    @Test
    void toolError_redirected_isRescuedByThePeer() {
        tool("second");
        spell.hooks().register(HookPoint.TOOL_ERROR, "fallback", context -> HookResult.redirect("second"));
        assertThat(call("calculator", "input", "1/0").result()).isEqualTo(JsonObject.of("by", "second"));
    }

    @Test
    void agent_redirected_isAnsweredByThePeer() {
        Agent first = agent("first");
        agent("second");
        only(HookPoint.BEFORE_AGENT_EXECUTION, "first", HookResult.redirect("second"));
        JsonObject answer = first.run(JsonObject.of("text", "hi"), caller);
        assertThat(answer).containsEntry("text", "BasicAgent 'second' received: hi");
        only(HookPoint.AGENT_ERROR, "x", HookResult.proceed());
    }

    @Test
    void agent_redirectedToNobody_namesTheNearest() {
        Agent first = agent("first");
        agent("second");
        only(HookPoint.BEFORE_AGENT_EXECUTION, "first", HookResult.redirect("secon"));
        refused(() -> first.run(JsonObject.of("text", "hi"), caller), ErrorCode.AGENT_NOT_FOUND, "second");
    }

    @Test
    void workflow_redirected_givesTheResultOfThePeer() {
        Workflow first = workflow("first");
        workflow("second");
        only(HookPoint.BEFORE_WORKFLOW_START, "first", HookResult.redirect("second"));
        JsonObject result = first.run("in", caller);
        assertThat(result).containsEntry("output", "second in").containsEntry("workflow_name", "second");
    }

    @Test
    void workflow_redirectedToNoneOrFailing_fails() {
        Workflow first = workflow("first");
        Workflow failing = spell.workflows()
                .sequential(SequentialDefinition.builder("failing")
                        .step(WorkflowStep.tool("a", "nothing", java.util.Map.of()))
                        .build());
        spell.workflows().register(failing);
        only(HookPoint.BEFORE_WORKFLOW_START, "first", HookResult.redirect("failing"));
        refused(() -> first.run(null, caller), ErrorCode.WORKFLOW_FAILED, "failing", "nothing");
        Workflow other = workflow("other");
        spell.hooks()
                .register(
                        HookPoint.BEFORE_WORKFLOW_START,
                        "nowhere",
                        context -> "other".equals(context.component().name())
                                ? HookResult.redirect("faling")
                                : HookResult.proceed());
        refused(() -> other.run(null, caller), ErrorCode.WORKFLOW_NOT_FOUND, "failing");
    }

    @Test
    void transition_redirected_goesToTheNamedStep() {
        spell.hooks().register(HookPoint.WORKFLOW_STAGE_TRANSITION, "skips", context -> HookResult.redirect("c"));
        SequentialDefinition.Builder steps = SequentialDefinition.builder("w");
        for (String name : List.of("a", "b", "c")) {
            steps.step(WorkflowStep.function(name, context -> name));
        }
        JsonObject result = spell.workflows().sequential(steps.build()).run(null, caller);
        assertThat(result.get("outputs")).isEqualTo(JsonObject.of("a", "a", "c", "c"));
    }

    private static boolean global(HookContext context) {
        return "global".equals(context.metadata().get("scope"));
    }

    @Test
    void read_redirected_readsTheOtherScope() {
        StateView state = spell.state().as(caller);
        state.put(KEY, "here");
        state.put(StateKey.of(Scope.custom("there"), "k"), "there");
        spell.hooks()
                .register(
                        HookPoint.BEFORE_STATE_READ,
                        "away",
                        context -> global(context) ? HookResult.redirect("there") : HookResult.proceed());
        assertThat(state.get(KEY).map(StateValue::json)).contains("there");
        assertThat(state.get(StateKey.of(Scope.GLOBAL, "none"))).isEmpty();
        assertThat(state.keys(Scope.GLOBAL)).containsExactly("k");
    }

    @Test
    void read_redirectedToForeignScope_isDenied() {
        guard(
                HookPoint.BEFORE_STATE_READ,
                context -> global(context) ? HookResult.redirect("agent:other") : HookResult.proceed());
        StateView mine = spell.state().as(caller.as(new Principal.Agent("me")));
        refused(() -> mine.get(KEY), ErrorCode.ACCESS_DENIED, "agent:other");
    }

    @Test
    void write_redirected_goesToTheOtherScopeOnly() {
        spell.hooks()
                .register(
                        HookPoint.BEFORE_STATE_WRITE,
                        "away",
                        context -> global(context) ? HookResult.redirect("there") : HookResult.proceed());
        StateView state = spell.state().as(caller);
        StateCommit commit = state.apply(List.of(StateChange.Put.of(KEY, 1)));
        StateKey there = StateKey.of(Scope.custom("there"), "k");
        assertThat(value(there)).isEqualTo(1L);
        assertThat(value(KEY)).isNull();
        assertThat(commit.orThrow().version())
                .isEqualTo(state.get(there).orElseThrow().version());
        state.delete(KEY);
        assertThat(value(there)).isNull();
    }

    @Test
    void write_oneOfMany_cannotBeRedirected() {
        guard(HookPoint.BEFORE_STATE_WRITE, context -> HookResult.redirect("there"));
        refused(
                () -> spell.state()
                        .as(caller)
                        .apply(List.of(
                                StateChange.Put.of(KEY, 1), StateChange.Put.of(StateKey.of(Scope.GLOBAL, "l"), 2))),
                ErrorCode.RESULT_NOT_ALLOWED,
                "redirect");
        assertThat(value(KEY)).isNull();
    }

    @Test
    void event_redirected_goesOutUnderTheOtherType() {
        List<UniversalEvent> events = new CopyOnWriteArrayList<>();
        spell.events()
                .subscribe(
                        "*.x",
                        SubscribeOptions.DEFAULT.onPublisherThread(),
                        (event, again) -> events.add(event),
                        caller);
        spell.hooks()
                .register(
                        HookPoint.BEFORE_EVENT_EMIT,
                        "renames",
                        context -> "a.x".equals(((JsonObject) Objects.requireNonNull(context.data())).get("event_type"))
                                ? HookResult.redirect("b.x")
                                : HookResult.proceed());
        PublishResult result = spell.events()
                .publish(
                        EventDraft.of("a.x", JsonObject.of("n", 1), Component.named(ComponentType.SYSTEM, "test")),
                        caller);
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("b.x");
            assertThat(event.payload()).isEqualTo(JsonObject.of("n", 1));
            assertThat(event.correlation()).isEqualTo(caller.correlation());
        });
        assertThat(result).isEqualTo(new PublishResult.Accepted(events.get(0).sequence(), 1));
    }

    // ---- fork ----

    @Test
    void fork_ofEveryKind_runsBesideAndShowsInTheEnvelope() {
        tool("beside");
        agent("helper");
        workflow("flow");
        List<UniversalEvent> events = new CopyOnWriteArrayList<>();
        spell.events().subscribe("done", SubscribeOptions.DEFAULT, (event, again) -> events.add(event), caller);
        only(
                HookPoint.BEFORE_TOOL_EXECUTION,
                "calculator",
                HookResult.fork(List.of(
                        new ForkOperation("t", OperationKind.TOOL_CALL, "beside", JsonObject.of("x", 1)),
                        new ForkOperation("a", OperationKind.AGENT_RUN, "helper", "hi"),
                        new ForkOperation("w", OperationKind.WORKFLOW_RUN, "flow", "in"),
                        new ForkOperation("e", OperationKind.EVENT_EMIT, "done", JsonObject.of("n", 1)),
                        new ForkOperation("bad", OperationKind.TOOL_CALL, "nothing", null))));
        ToolResult result = call("calculator", "input", "1 + 1");
        assertThat(result.result()).containsEntry("result", 2L);
        JsonObject metadata =
                (JsonObject) Objects.requireNonNull(ToolResults.envelope(result).get("metadata"));
        JsonObject forks = (JsonObject) Objects.requireNonNull(metadata.get("forks"));
        assertThat(forks.get("t")).isEqualTo(JsonObject.of("by", "beside"));
        assertThat(forks.get("a")).asString().contains("BasicAgent 'helper' received: hi");
        assertThat(forks.get("w")).asString().contains("output=flow in");
        assertThat(forks.get("e")).asString().contains("event_type=done");
        assertThat(forks.get("bad")).asString().contains("tool_not_found");
        assertThat(seen).containsExactly("beside {x=1} host");
    }

    @Test
    void fork_ofAgentRun_isInItsAnswer() {
        tool("beside");
        only(
                HookPoint.BEFORE_AGENT_EXECUTION,
                "thinker",
                HookResult.fork(List.of(new ForkOperation("t", OperationKind.TOOL_CALL, "beside", null))));
        JsonObject answer = agent("thinker").run(JsonObject.of("text", "hi"), caller);
        assertThat(answer).containsEntry("forks", JsonObject.of("t", JsonObject.of("by", "beside")));
    }

    // ---- round trips ----

    @Test
    void outputs_ofEachKind_canBeAnswersOfTheSameKind() {
        agent("echo");
        Workflow flow = workflow("flow");
        JsonObject tool = call("calculator", "input", "6 * 7").result();
        JsonObject answer = spell.agents().find("echo").orElseThrow().run(JsonObject.of("text", "hi"), caller);
        JsonObject result = flow.run("in", caller);
        spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "r", context -> HookResult.replace(tool));
        spell.hooks().register(HookPoint.BEFORE_AGENT_EXECUTION, "r", context -> HookResult.replace(answer));
        spell.hooks().register(HookPoint.BEFORE_WORKFLOW_START, "r", context -> HookResult.replace(result));
        assertThat(call("calculator", "input", "0").result()).isEqualTo(tool);
        assertThat(spell.agents().find("echo").orElseThrow().run(JsonObject.of("text", "x"), caller))
                .containsEntry("text", answer.get("text"))
                .containsEntry("token_usage", answer.get("token_usage"));
        assertThat(flow.run("other", caller)).isEqualTo(result);
    }
}
