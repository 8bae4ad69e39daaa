package io.llmspell.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.gate.OperationTargets;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class WorkflowPointsTest {
    private final Fixture fixture = new Fixture();
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    private WorkflowStep good(String name) {
        return WorkflowStep.function(name, context -> name).compensate(context -> {
            done.add("back " + name + " " + context.steps().keySet());
            return null;
        });
    }

    private static WorkflowStep bad(String name) {
        return WorkflowStep.function(name, context -> {
            throw new IllegalStateException("broken");
        });
    }

    private void note(String point) {
        fixture.hook(point, context -> {
            fixture.points.add(point + " " + context.data());
            return HookResult.proceed();
        });
    }

    @Test
    void points_goodRun_comeInTheOrderOfTheCatalogue() {
        fixture.trace(
                "BeforeWorkflowStart",
                "workflow_start",
                "workflow_state_change",
                "workflow_step_boundary",
                "BeforeWorkflowStage",
                "workflow_shared_data",
                "AfterWorkflowStage",
                "WorkflowStageTransition",
                "AfterWorkflowComplete",
                "WorkflowError",
                "WorkflowRollback",
                "workflow_complete");
        fixture.runSteps(
                null, WorkflowStep.function("a", context -> context.state().put("k", 1)), good("b"));
        assertThat(fixture.points)
                .containsExactly(
                        "BeforeWorkflowStart",
                        "workflow_start",
                        "workflow_state_change",
                        "workflow_step_boundary a",
                        "BeforeWorkflowStage a",
                        "workflow_shared_data a",
                        "AfterWorkflowStage a",
                        "workflow_step_boundary a",
                        "WorkflowStageTransition a",
                        "workflow_step_boundary b",
                        "BeforeWorkflowStage b",
                        "AfterWorkflowStage b",
                        "workflow_step_boundary b",
                        "AfterWorkflowComplete",
                        "workflow_state_change",
                        "workflow_complete");
    }

    @Test
    void points_failedRun_rollBackBeforeTheEnd() {
        fixture.trace("WorkflowError", "WorkflowRollback", "workflow_state_change", "workflow_complete");
        fixture.runSteps(null, good("a"), bad("b"));
        assertThat(fixture.points)
                .containsExactly(
                        "workflow_state_change",
                        "WorkflowError b",
                        "WorkflowError",
                        "WorkflowRollback",
                        "workflow_state_change",
                        "workflow_complete");
    }

    @Test
    void status_eachEnd_isTold() {
        note("workflow_state_change");
        note("workflow_complete");
        fixture.runSteps(null, good("a"));
        fixture.runSteps(null, bad("a"));
        CancellationSource stop = new CancellationSource();
        Workflow stopped = fixture.workflows.sequential(SequentialDefinition.builder("stopped")
                .step(WorkflowStep.function("a", context -> {
                    stop.cancel();
                    context.caller().token().throwIfCancelled("a");
                    return null;
                }))
                .build());
        assertThatThrownBy(() -> stopped.run(null, fixture.caller.limited(stop, fixture.caller.deadlineNanos())))
                .isInstanceOf(CancelledException.class);
        assertThat(fixture.points)
                .containsExactly(
                        "workflow_state_change {from_status=pending, to_status=running}",
                        "workflow_state_change {from_status=running, to_status=completed}",
                        "workflow_complete {status=completed}",
                        "workflow_state_change {from_status=pending, to_status=running}",
                        "workflow_state_change {from_status=running, to_status=failed}",
                        "workflow_complete {status=failed}",
                        "workflow_state_change {from_status=pending, to_status=running}",
                        "workflow_state_change {from_status=running, to_status=cancelled}",
                        "workflow_complete {status=cancelled}");
    }

    @Test
    void status_vetoedRun_failsWithoutHavingRun() {
        note("workflow_state_change");
        fixture.hook("BeforeWorkflowStart", context -> HookResult.cancel("no"));
        assertThatThrownBy(() -> fixture.runSteps(null, good("a"))).isInstanceOf(OperationCancelledException.class);
        assertThat(fixture.points).containsExactly("workflow_state_change {from_status=pending, to_status=failed}");
        assertThat(done).isEmpty();
    }

    @Test
    void rollback_failedRun_takesStepsBackInReverse() {
        note("WorkflowRollback");
        JsonObject result = fixture.runSteps(null, good("a"), good("b"), bad("c"));
        assertThat(result).containsEntry("success", false).containsEntry("rolled_back", JsonArray.of("b", "a"));
        assertThat(done).containsExactly("back b [a, b, c]", "back a [a, b, c]");
        assertThat(fixture.points)
                .singleElement()
                .asString()
                .contains("stages=[b, a]")
                .contains("target_checkpoint=null")
                .contains("broken");
        assertThat(fixture.types("workflow."))
                .endsWith("workflow.step.failed", "workflow.rolled_back", "workflow.failed");
    }

    @Test
    void rollback_targetOfHook_keepsTheStepsUpToIt() {
        fixture.hook("WorkflowRollback", context -> HookResult.modified(JsonObject.of("target_checkpoint", "a")));
        JsonObject result = fixture.runSteps(null, good("a"), good("b"), bad("c"));
        assertThat(result).containsEntry("rolled_back", JsonArray.of("b"));
    }

    @Test
    void rollback_unknownTarget_keepsTheOldOne() {
        fixture.hook("WorkflowRollback", context -> HookResult.modified(JsonObject.of("target_checkpoint", "x")));
        JsonObject result = fixture.runSteps(null, good("a"), bad("c"));
        assertThat(result).containsEntry("rolled_back", JsonArray.of("a"));
    }

    @Test
    void rollback_vetoed_leavesTheStepsAsTheyAre() {
        fixture.hook("WorkflowRollback", context -> HookResult.cancel("keep"));
        JsonObject result = fixture.runSteps(null, good("a"), bad("c"));
        assertThat(done).isEmpty();
        assertThat(result).containsEntry("success", false).doesNotContainKey("rolled_back");
    }

    @Test
    void rollback_failingCompensation_doesNotKeepTheOthers() {
        WorkflowStep broken = WorkflowStep.function("b", context -> 1).compensate(context -> {
            throw new java.io.IOException("gone");
        });
        JsonObject result = fixture.runSteps(null, good("a"), broken, bad("c"));
        assertThat(result).containsEntry("rolled_back", JsonArray.of("a"));
        assertThat(result.get("error")).asString().contains("broken");
    }

    @Test
    void rollback_vetoAfterTheSteps_takesThemBack() {
        fixture.hook("AfterWorkflowComplete", context -> HookResult.cancel("withheld"));
        assertThatThrownBy(() -> fixture.runSteps(null, good("a"))).isInstanceOf(OperationCancelledException.class);
        assertThat(done).hasSize(1);
    }

    @Test
    void rollback_nothingToTakeBack_isNotPassed() {
        note("WorkflowRollback");
        fixture.runSteps(null, WorkflowStep.function("a", context -> 1), bad("b"));
        assertThat(fixture.points).isEmpty();
    }

    @Test
    void definition_compensate_mustBeAFunction() {
        WorkflowFunction back = context -> done.add("back");
        WorkflowFunction fails = context -> Map.of("success", false, "error", "no");
        fixture.run(
                fixture.workflows.sequential(Map.of(
                        "name",
                        "w",
                        "steps",
                        List.of(
                                Map.of("name", "a", "execute", (WorkflowFunction) context -> 1, "compensate", back),
                                Map.of("name", "b", "execute", fails)))),
                null);
        assertThat(done).containsExactly("back");
        assertThatThrownBy(() -> fixture.workflows.sequential(Map.of(
                        "name", "w", "steps", List.of(Map.of("name", "a", "tool", "calculator", "compensate", "b")))))
                .isInstanceOf(LlmSpellException.class)
                .hasMessageContaining("compensate")
                .hasMessageContaining("a function");
    }

    @Test
    void sharedData_hook_seesAndChangesTheValue() {
        note("workflow_shared_data");
        fixture.hooks
                .registry()
                .register(
                        HookPoint.parse("workflow_shared_data"),
                        "zz",
                        context -> HookResult.modified(JsonObject.of("value", 7)));
        JsonObject result = fixture.runSteps(null, WorkflowStep.function("a", context -> {
            context.state().put("k", 1);
            return context.state().get("k");
        }));
        assertThat(fixture.points).containsExactly("workflow_shared_data {key=k, old_value=null, value=1}");
        assertThat(result).containsEntry("output", 7L).containsEntry("final_state", JsonObject.of("k", 7));
    }

    @Test
    void sharedData_vetoed_failsTheStep() {
        fixture.hook("workflow_shared_data", context -> HookResult.cancel("read only"));
        JsonObject result = fixture.runSteps(
                null, WorkflowStep.function("a", context -> context.state().put("k", 1)));
        assertThat(result).containsEntry("success", false).containsEntry("final_state", JsonObject.empty());
        assertThat(result.get("error")).asString().contains("read only");
    }

    @Test
    void sharedData_removal_isAWriteOfNothing() {
        note("workflow_shared_data");
        JsonObject result = fixture.runSteps(null, WorkflowStep.function("a", context -> {
            context.state().put("k", 1);
            context.state().remove("other");
            return context.state().remove("k");
        }));
        assertThat(fixture.points)
                .containsExactly(
                        "workflow_shared_data {key=k, old_value=null, value=1}",
                        "workflow_shared_data {key=k, old_value=1, value=null}");
        assertThat(result).containsEntry("final_state", JsonObject.empty()).containsEntry("output", 1L);
    }

    @Test
    void step_repeatedByHook_countsItsAttempts() {
        AtomicInteger calls = new AtomicInteger();
        fixture.hooks
                .registry()
                .register(HookPoint.WORKFLOW_ERROR, "again", context -> HookResult.retry(Duration.ZERO, 2));
        JsonObject result = fixture.runSteps(null, WorkflowStep.function("a", context -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("once");
            }
            return context.attempt();
        }));
        assertThat(result).containsEntry("output", 2L);
        assertThat(fixture.types("workflow.step."))
                .containsExactly("workflow.step.started", "workflow.step.retrying", "workflow.step.completed");
        assertThat(result.get("step_results")).asString().contains("retry_count=1");
    }

    @Test
    void run_repeatedByHook_beginsAnew() {
        AtomicInteger calls = new AtomicInteger();
        fixture.hooks
                .registry()
                .register(
                        HookPoint.AFTER_WORKFLOW_COMPLETE,
                        "again",
                        context -> calls.get() < 2 ? HookResult.retry(Duration.ZERO, 3) : HookResult.proceed());
        JsonObject result = fixture.runSteps(
                null,
                WorkflowStep.function("a", context -> context.state().put("n", calls.incrementAndGet())),
                good("b"));
        assertThat(calls.get()).isEqualTo(2);
        assertThat(result.get("metadata")).asString().contains("steps_executed=2");
        assertThat(fixture.types("workflow.")).startsWith("workflow.started").endsWith("workflow.completed");
        assertThat(fixture.types("workflow.").stream().filter("workflow.started"::equals))
                .hasSize(1);
    }

    /** Answers what a test says for every kind. */
    private record Fixed(@Nullable Object answer) implements OperationTargets {
        @Override
        public Mono<Outcome> start(OperationKind kind, String target, @Nullable Object input, Caller caller) {
            return Mono.just(new Outcome(answer == null ? target : answer));
        }

        @Override
        public Set<OperationKind> kinds() {
            return Set.of(OperationKind.WORKFLOW_TRANSITION, OperationKind.TOOL_CALL);
        }
    }

    @Test
    void transition_redirected_goesToTheNamedStep() {
        fixture.hooks.targets(new Fixed(null));
        fixture.hook(
                "WorkflowStageTransition",
                context -> "a".equals(context.metadata().get("stage_name"))
                        ? HookResult.redirect("c")
                        : HookResult.proceed());
        JsonObject result = fixture.runSteps(null, good("a"), good("b"), good("c"));
        assertThat(result.get("outputs")).isEqualTo(JsonObject.of("a", "a", "c", "c"));
    }

    @Test
    void forks_ofStepAndRun_areInTheResult() {
        fixture.hooks.targets(new Fixed(JsonObject.of("x", 1)));
        HookResult fork = HookResult.fork(List.of(
                new io.llmspell.core.hook.ForkOperation("f", OperationKind.TOOL_CALL, "any", JsonObject.empty())));
        fixture.hook("BeforeWorkflowStage", context -> fork);
        fixture.hook("BeforeWorkflowStart", context -> fork);
        JsonObject result = fixture.runSteps(null, good("a"));
        JsonObject forks = JsonObject.of("f", JsonObject.of("x", 1));
        assertThat(result).containsEntry("forks", forks);
        assertThat(Fixture.object(Fixture.object(result, "step_results"), "a")).containsEntry("forks", forks);
    }

    @Test
    void errorStage_stepAndRun_areTold() {
        fixture.hook("WorkflowError", context -> {
            fixture.points.add(String.valueOf(context.operation().errorStage()));
            return HookResult.proceed();
        });
        fixture.runSteps(null, bad("a"));
        assertThat(fixture.points).containsExactly("step", "run");
    }

    @Test
    void registry_nameOrId_findsTheLastMade() {
        Workflow first = fixture.workflows.sequential(
                SequentialDefinition.builder("w").step(good("a")).build());
        Workflow second = fixture.workflows.sequential(
                SequentialDefinition.builder("w").step(good("a")).build());
        fixture.workflows.register(first);
        var held = fixture.workflows.register(second);
        assertThat(fixture.workflows.find("w")).containsSame(second);
        assertThat(fixture.workflows.find(first.component().id().toString())).containsSame(first);
        assertThat(fixture.workflows.names()).containsExactly("w");
        held.close();
        assertThat(fixture.workflows.find("w")).containsSame(first);
        assertThat(fixture.workflows.find("x")).isEmpty();
    }
}
