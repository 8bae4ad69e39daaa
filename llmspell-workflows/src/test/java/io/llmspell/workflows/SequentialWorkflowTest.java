package io.llmspell.workflows;

import static io.llmspell.workflows.Fixture.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.workflow.Workflow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;

final class SequentialWorkflowTest {
    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static WorkflowStep upper(String name, String input) {
        return WorkflowStep.tool(name, "text_manipulator", Map.of("operation", "uppercase", "input", input));
    }

    private static WorkflowStep failing(String name) {
        return WorkflowStep.function(name, context -> {
            throw new IOException("no disk");
        });
    }

    @Test
    void run_agentToolFunction_passesOutputsOn() {
        fixture.agent("writer", "offline/echo");
        JsonObject result = fixture.runSteps(
                JsonObject.of("topic", "tides"),
                WorkflowStep.agent("draft", "writer", "On {{input.topic}}"),
                upper("loud", "$draft"),
                WorkflowStep.function("keep", context -> {
                    context.state()
                            .put(
                                    "last",
                                    Objects.requireNonNull(context.steps().get("loud"))
                                            .get("output"));
                    return context.stepName() + context.attempt();
                }));
        assertThat(result)
                .containsEntry("success", true)
                .containsEntry("workflow_type", "sequential")
                .containsEntry("workflow_name", "report")
                .containsEntry("output", "keep1")
                .containsEntry("last_completed_step", "keep")
                .containsEntry("failed_step", null)
                .containsEntry("partial_success", false)
                .doesNotContainKey("error");
        assertThat(object(result, "outputs"))
                .containsEntry("draft", "(offline/echo) On tides")
                .containsEntry("loud", "(OFFLINE/ECHO) ON TIDES");
        assertThat(object(result, "final_state")).containsEntry("last", "(OFFLINE/ECHO) ON TIDES");
        assertThat(object(result, "data"))
                .isEqualTo(JsonObject.of(
                        "steps_executed", 3, "successful_steps", 3, "failed_steps", 0, "final_output", "keep1"));
        assertThat(object(result, "metadata"))
                .containsEntry("steps_succeeded", 3L)
                .containsKeys("run_id", "start_time", "end_time");
        assertThat(object(object(result, "step_results"), "loud"))
                .containsEntry("name", "loud")
                .containsEntry("success", true)
                .containsEntry("retry_count", 0L)
                .containsEntry("skipped", false)
                .containsKeys("duration_ms", "result");
        assertThat(object(result, "step_timings")).containsOnlyKeys("draft", "loud", "keep");
    }

    @Test
    void points_goodRun_comeInOrder() {
        fixture.trace(
                "BeforeWorkflowStart",
                "workflow_start",
                "workflow_step_boundary",
                "BeforeWorkflowStage",
                "AfterWorkflowStage",
                "WorkflowStageTransition",
                "AfterWorkflowComplete",
                "WorkflowError",
                "workflow_complete",
                "BeforeToolExecution");
        fixture.runSteps(null, upper("a", "x"), WorkflowStep.function("b", context -> 1));
        assertThat(fixture.points)
                .containsExactly(
                        "BeforeWorkflowStart",
                        "workflow_start",
                        "workflow_step_boundary a",
                        "BeforeWorkflowStage a",
                        "BeforeToolExecution",
                        "AfterWorkflowStage a",
                        "workflow_step_boundary a",
                        "WorkflowStageTransition a",
                        "workflow_step_boundary b",
                        "BeforeWorkflowStage b",
                        "AfterWorkflowStage b",
                        "workflow_step_boundary b",
                        "AfterWorkflowComplete",
                        "workflow_complete");
    }

    @Test
    void points_failedRun_comeInOrder() {
        fixture.trace(
                "AfterWorkflowStage",
                "workflow_step_boundary",
                "AfterWorkflowComplete",
                "WorkflowError",
                "workflow_complete");
        fixture.runSteps(null, failing("a"));
        assertThat(fixture.points)
                .containsExactly(
                        "workflow_step_boundary a",
                        "WorkflowError a",
                        "workflow_step_boundary a",
                        "WorkflowError",
                        "workflow_complete");
    }

    @Test
    void events_goodAndFailedStep_haveOneStartAndOneEnd() {
        fixture.runSteps(null, failing("a").onError(ErrorStrategy.CONTINUE), upper("b", "x"));
        assertThat(fixture.types("workflow."))
                .containsExactly(
                        "workflow.started",
                        "workflow.step.started",
                        "workflow.step.failed",
                        "workflow.step.started",
                        "workflow.step.completed",
                        "workflow.completed");
        UniversalEvent failed = fixture.events.stream()
                .filter(event -> event.type().equals("workflow.step.failed"))
                .findFirst()
                .orElseThrow();
        assertThat((JsonObject) Objects.requireNonNull(failed.payload()))
                .containsEntry("stage_name", "a")
                .containsEntry("step_type", "function")
                .containsEntry("attempt", 1L)
                .containsEntry("workflow_name", "report")
                .containsKeys("run_id", "workflow_id", "error");
        assertThat(failed.correlation()).isEqualTo(fixture.caller.correlation());
    }

    @Test
    void run_failFast_endsAtFailedStep() {
        AtomicInteger later = new AtomicInteger();
        JsonObject result = fixture.runSteps(
                null, upper("ok", "x"), failing("bad"), WorkflowStep.function("later", c -> later.incrementAndGet()));
        assertThat(later).hasValue(0);
        assertThat(result)
                .containsEntry("success", false)
                .containsEntry("failed_step", "bad")
                .containsEntry("last_completed_step", "ok")
                .containsEntry("output", null);
        assertThat(object(result, "error"))
                .containsEntry("code", "workflow_failed")
                .containsEntry("error_type", "SequentialExecutionError")
                .containsEntry("location", "bad");
        assertThat(object(result, "error").text("message"))
                .contains("report")
                .contains("bad")
                .contains("no disk");
        assertThat(fixture.types("workflow.")).endsWith("workflow.failed");
    }

    static Stream<Arguments> strategies() {
        return Stream.of(
                Arguments.of(failing("bad"), ErrorStrategy.FAIL_FAST, false),
                Arguments.of(failing("bad"), ErrorStrategy.CONTINUE, true),
                Arguments.of(failing("bad").onError(ErrorStrategy.CONTINUE), ErrorStrategy.FAIL_FAST, true),
                Arguments.of(failing("bad").onError(ErrorStrategy.FAIL_FAST), ErrorStrategy.CONTINUE, false),
                Arguments.of(failing("bad").optional(), ErrorStrategy.FAIL_FAST, true));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void run_failedStep_goesOnOnlyIfToldTo(WorkflowStep bad, ErrorStrategy strategy, boolean goesOn) {
        JsonObject result = fixture.run(
                fixture.workflows.sequential(SequentialDefinition.builder("w")
                        .onError(strategy)
                        .step(bad)
                        .step(upper("next", "x"))
                        .build()),
                null);
        assertThat(result).containsEntry("success", goesOn).containsEntry("partial_success", goesOn);
        assertThat(object(result, "step_results").containsKey("next")).isEqualTo(goesOn);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(WorkflowStep.tool("s", "calculator", Map.of("input", "1/0")), "tool_failed"),
                Arguments.of(WorkflowStep.tool("s", "calculator", Map.of("inptu", "1")), "validation_failed"),
                Arguments.of(WorkflowStep.tool("s", "calculater", Map.of()), "tool_not_found"),
                Arguments.of(WorkflowStep.agent("s", "nobody", "hi"), "agent_not_found"),
                Arguments.of(
                        new WorkflowStep("s", new WorkflowStep.Target.OfTool("calculator"), "text", true, null),
                        "type_mismatch"),
                Arguments.of(WorkflowStep.function("s", context -> new Object()), "value_not_convertible"),
                Arguments.of(
                        WorkflowStep.function("s", context -> Map.of("success", false, "error", "out of ink")),
                        "step_failed"),
                Arguments.of(failing("s"), "step_failed"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void run_failingStep_isResultWithItsCode(WorkflowStep step, String code) {
        JsonObject result = fixture.runSteps(null, step);
        assertThat(result).containsEntry("success", false);
        assertThat(object(object(object(result, "step_results"), "s"), "error")).containsEntry("code", code);
        assertThat(object(object(object(result, "error"), "details"), "cause")).containsEntry("code", code);
    }

    @Test
    void function_resultMap_isTakenApart() {
        JsonObject result = fixture.runSteps(
                null,
                WorkflowStep.function("a", context -> Map.of("success", true, "output", List.of(1, 2))),
                WorkflowStep.function("b", context -> Map.of("n", 1)),
                WorkflowStep.function("c", context -> null));
        assertThat(object(result, "outputs"))
                .containsEntry("a", JsonArray.of(1, 2))
                .containsEntry("b", JsonObject.of("n", 1))
                .containsEntry("c", null);
    }

    @Test
    void context_function_seesTheRun() {
        Workflow workflow = fixture.workflows.sequential(SequentialDefinition.builder("seen")
                .initialState(Map.of("count", 1))
                .step(new WorkflowStep(
                        "look",
                        new WorkflowStep.Target.OfFunction(context -> {
                            assertThat(context.workflowName()).isEqualTo("seen");
                            assertThat(context.input()).isEqualTo("in");
                            assertThat(context.stepInput()).isEqualTo(JsonObject.of("x", "in"));
                            assertThat(context.correlationId()).isEqualTo("run-1");
                            assertThat(context.state()).containsEntry("count", 1L);
                            assertThatThrownBy(() -> context.steps().put("x", JsonObject.empty()))
                                    .isInstanceOf(UnsupportedOperationException.class);
                            assertThatThrownBy(() -> context.state().put("bad", new Object()))
                                    .hasMessageContaining("JSON");
                            return context.state().put("count", 2);
                        }),
                        JsonObject.of("x", "$$"),
                        true,
                        null))
                .build());
        JsonObject result = fixture.run(workflow, "in");
        assertThat(result.get("error")).isNull();
        assertThat(object(result, "final_state")).containsEntry("count", 2L);
        assertThat(object(fixture.run(workflow, "in"), "step_results").size()).isEqualTo(1);
    }

    @Test
    void run_nestedWorkflow_givesItsOutputAndData() {
        Workflow inner = fixture.workflows.sequential(
                SequentialDefinition.builder("inner").step(upper("up", "$$")).build());
        JsonObject result =
                fixture.runSteps("abc", WorkflowStep.workflow("nest", inner, null), upper("again", "$nest!"));
        assertThat(object(result, "outputs")).containsEntry("nest", "ABC").containsEntry("again", "$NEST!");
        assertThat(object(object(object(result, "step_results"), "nest"), "data"))
                .containsEntry("steps_executed", 1L);
    }

    @Test
    void run_failedNestedWorkflow_failsItsStep() {
        Workflow inner = fixture.workflows.sequential(
                SequentialDefinition.builder("inner").step(failing("up")).build());
        JsonObject result = fixture.runSteps(null, WorkflowStep.workflow("nest", inner, null));
        assertThat(object(result, "error").text("message")).contains("inner").contains("no disk");
    }

    @Test
    void veto_ofRun_throws() {
        fixture.hook("BeforeWorkflowStart", context -> HookResult.cancel("not on Sundays"));
        assertThatThrownBy(() -> fixture.runSteps(null, upper("a", "x")))
                .isInstanceOf(OperationCancelledException.class)
                .hasMessageContaining("not on Sundays");
        assertThat(fixture.types("workflow.")).containsExactly("workflow.started", "workflow.failed");
    }

    static Stream<Arguments> vetoes() {
        return Stream.of(
                Arguments.of("BeforeWorkflowStage"),
                Arguments.of("AfterWorkflowStage"),
                Arguments.of("BeforeToolExecution"),
                Arguments.of("WorkflowStageTransition"));
    }

    @ParameterizedTest
    @MethodSource("vetoes")
    void veto_insideRun_failsTheRun(String point) {
        fixture.hook(point, context -> HookResult.cancel("stop here"));
        JsonObject result = fixture.runSteps(null, upper("a", "x"), upper("b", "y"));
        assertThat(result).containsEntry("success", false);
        assertThat(object(result, "error").toString()).contains("stop here").contains("operation_cancelled");
    }

    @Test
    void hooks_mayChangeInputAndOutput() {
        fixture.hook("BeforeWorkflowStart", context -> HookResult.modified(JsonObject.of("input", "changed")));
        fixture.hook(
                "BeforeWorkflowStage",
                context -> HookResult.modified(object(Objects.requireNonNull((JsonObject) context.data()), "input")
                        .with("operation", "reverse")));
        fixture.hook(
                "AfterWorkflowStage",
                context -> HookResult.modified(
                        ((JsonObject) Objects.requireNonNull(context.data())).with("output", "out")));
        fixture.hook(
                "AfterWorkflowComplete",
                context -> HookResult.modified(
                        ((JsonObject) Objects.requireNonNull(context.data())).with("note", "seen")));
        List<Object> reversed = new ArrayList<>();
        fixture.hook("AfterToolExecution", context -> {
            reversed.add(Objects.requireNonNull(((JsonObject) Objects.requireNonNull(context.data())).get("result")));
            return HookResult.proceed();
        });
        JsonObject result = fixture.runSteps("given", upper("a", "$$"));
        assertThat(reversed).containsExactly("degnahc");
        assertThat(result).containsEntry("output", "out").containsEntry("note", "seen");
    }

    @Test
    void hook_atError_mayRescueStep() {
        fixture.hook("WorkflowError", context -> HookResult.replace("spare"));
        JsonObject result = fixture.runSteps(null, failing("a"), upper("b", "$a"));
        assertThat(result).containsEntry("success", true).containsEntry("output", "SPARE");
    }

    @Test
    void hook_atTransition_mayChooseStep() {
        fixture.hook(
                "WorkflowStageTransition",
                context -> HookResult.modified(
                        ((JsonObject) Objects.requireNonNull(context.data())).with("to_stage", "c")));
        JsonObject result = fixture.runSteps(null, upper("a", "x"), upper("b", "y"), upper("c", "z"));
        assertThat(object(result, "outputs")).containsOnlyKeys("a", "c");
    }

    @Test
    void hook_atTransition_unknownStep_keepsTheOldOne() {
        fixture.hook("WorkflowStageTransition", context -> HookResult.modified("nowhere"));
        assertThat(object(fixture.runSteps(null, upper("a", "x"), upper("b", "y")), "outputs"))
                .containsOnlyKeys("a", "b");
    }

    @Test
    void hook_sendingBackForEver_isStopped() {
        fixture.hook("WorkflowStageTransition", context -> HookResult.modified("a"));
        JsonObject result = fixture.runSteps(
                null, WorkflowStep.function("a", context -> 1), WorkflowStep.function("b", context -> 2));
        assertThat(object(result, "error")).containsEntry("code", "limit_exceeded");
    }

    @Test
    void run_cancelledBetweenSteps_throwsAndReports() {
        CancellationSource stop = new CancellationSource();
        Workflow workflow = fixture.workflows.sequential(SequentialDefinition.builder("w")
                .step(WorkflowStep.function("a", context -> {
                    stop.cancel();
                    return 1;
                }))
                .step(upper("b", "x"))
                .build());
        Caller caller = fixture.caller.limited(stop, fixture.caller.deadlineNanos());
        assertThatThrownBy(() -> workflow.run(null, caller)).isInstanceOf(CancelledException.class);
        assertThat(fixture.types("workflow.")).endsWith("workflow.cancelled");
        assertThat(fixture.types("tool.")).isEmpty();
    }

    @Test
    void runAsync_givesResult() {
        Workflow workflow = fixture.workflows.sequential(
                SequentialDefinition.builder("w").step(upper("a", "x")).build());
        StepVerifier.create(workflow.runAsync(null, fixture.caller))
                .assertNext(result -> assertThat(result).containsEntry("output", "X"))
                .verifyComplete();
    }

    @Test
    void run_wholeChain_carriesRunAndParents() {
        List<String> lines = new ArrayList<>();
        for (String point : List.of(
                "BeforeWorkflowStart",
                "BeforeWorkflowStage",
                "BeforeAgentExecution",
                "agent_model_request",
                "BeforeToolExecution")) {
            fixture.hook(point, context -> {
                lines.add(context.snapshot().operationId() + " "
                        + context.snapshot().parentOperation());
                assertThat(context.caller().correlation().text()).isEqualTo("run-1");
                return HookResult.proceed();
            });
        }
        Agent agent = fixture.agent("writer", "offline/tools", "calculator");
        JsonObject result = fixture.runSteps(null, WorkflowStep.agent("sum", "writer", "calculate 2+3*4"));
        assertThat(result).containsEntry("output", "(offline/tools) The tool calculator gave 14.");
        assertThat(agent.state().id()).isEqualTo("ready");
        // run <- step <- agent run <- model call, tool call, model call
        List<String> ids = lines.stream().map(line -> line.split(" ", -1)[0]).toList();
        List<String> parents =
                lines.stream().map(line -> line.split(" ", -1)[1]).toList();
        assertThat(parents).containsExactly("null", ids.get(0), ids.get(1), ids.get(2), ids.get(2), ids.get(2));
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(fixture.events)
                .hasSizeGreaterThan(10)
                .allSatisfy(event -> assertThat(event.correlation()).isEqualTo(fixture.caller.correlation()));
        assertThat(fixture.types(""))
                .containsSubsequence(
                        "workflow.started",
                        "workflow.step.started",
                        "agent.run.started",
                        "tool.started",
                        "tool.completed",
                        "agent.run.completed",
                        "workflow.step.completed",
                        "workflow.completed");
    }
}
