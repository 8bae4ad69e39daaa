package io.llmspell.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.state.States;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WorkflowResumeTest {
    private final Fixture fixture = new Fixture();
    private final StorageBackend backend = MemoryStorage.create(Set.of(Space.STATE, Space.META));
    private final StateManager state = States.builder()
            .storage(backend)
            .codec(RecordCodecs.create(JsonCodec.create()))
            .gate(fixture.hooks.gate())
            .build();
    private final Workflows before = process();
    private final Workflows after = process();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final CancellationSource token = new CancellationSource();
    private final CountDownLatch buried = new CountDownLatch(1);
    private volatile CountDownLatch dead = new CountDownLatch(1);
    private volatile String dies = "";

    private Workflows process() {
        return Workflows.builder()
                .gate(fixture.hooks.gate())
                .events(fixture.bus)
                .tools(fixture.tools.executor())
                .agents(fixture.agents.registry())
                .time(fixture.time)
                .checkpoints(state)
                .build();
    }

    @AfterEach
    void close() {
        state.close();
        buried.countDown();
        backend.close();
        fixture.close();
    }

    private WorkflowStep step(String name) {
        return WorkflowStep.function(name, context -> {
            keys.add(name + "=" + context.idempotencyKey());
            if (dies.equals(name)) {
                die();
            }
            if (dies.equals("cancel " + name)) {
                token.cancel();
                context.caller().token().throwIfCancelled("step " + name);
            }
            done.add(name);
            context.state().put("last", name);
            return name.toUpperCase(java.util.Locale.ROOT);
        });
    }

    private SequentialDefinition.Builder definition(String... steps) {
        SequentialDefinition.Builder definition = SequentialDefinition.builder("report");
        List.of(steps).forEach(name -> definition.step(step(name)));
        return definition;
    }

    private Workflow made(Workflows process, SequentialDefinition definition) {
        Workflow workflow = process.sequential(definition);
        process.register(workflow);
        return workflow;
    }

    /** Runs until the process dies in a step. */
    private Workflow killedAt(String step, SequentialDefinition definition, Object input) {
        dies = step;
        Workflow workflow = made(before, definition);
        untilDead(() -> workflow.run(input, fixture.caller));
        return workflow;
    }

    /** A process that dies does nothing any more: its thread stands still until the test is over. */
    private void untilDead(Runnable process) {
        dead = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        process.run();
                    } catch (LlmSpellException end) {
                        // nobody is there any more to hear of it
                    }
                },
                "process");
        thread.setDaemon(true);
        thread.start();
        try {
            assertThat(dead.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        dies = "";
    }

    private void die() {
        dead.countDown();
        try {
            buried.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new InvalidStateException("the process is dead");
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String... named) {
        assertThatThrownBy(call).isInstanceOfSatisfying(LlmSpellException.class, error -> {
            assertThat(error.code()).isEqualTo(code);
            List.of(named).forEach(name -> assertThat(error.getMessage()).contains(name));
        });
    }

    private int entries() {
        int count = 0;
        try (Cursor cursor = backend.scan(Space.STATE, Range.all())) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    @Test
    void resume_afterACrash_repeatsNothingButTheInterruptedStep() {
        killedAt("c", definition("a", "b", "c", "d").build(), Map.of("topic", "tides"));
        assertThat(done).containsExactly("a", "b");
        made(after, definition("a", "b", "c", "d").build());

        JsonObject result = after.resume("report", fixture.caller);

        assertThat(done).containsExactly("a", "b", "c", "d");
        assertThat(result).containsEntry("success", true).containsEntry("output", "D");
        assertThat(Fixture.object(result, "outputs")).isEqualTo(JsonObject.of("a", "A", "b", "B", "c", "C", "d", "D"));
        assertThat(Fixture.object(result, "final_state")).containsEntry("last", "d");
        assertThat(Fixture.object(result, "data")).containsEntry("successful_steps", 4L);
        assertThat(keys.stream().filter(key -> key.startsWith("c="))).hasSize(2).containsOnly(keys.get(2));
        assertThat(keys.stream().distinct()).hasSize(4);
        assertThat(entries()).as("nothing is left of a run that has ended").isZero();
    }

    @Test
    void resume_byTheIdOfTheRun_findsIt() {
        killedAt("b", definition("a", "b").build(), null);
        Workflow again = made(after, definition("a", "b").build());
        JsonObject row = after.checkpoints(again.component().id().toString(), fixture.caller).stream()
                .findFirst()
                .orElse(after.checkpoints("report", fixture.caller).get(0));
        assertThat(row)
                .containsEntry("workflow_name", "report")
                .containsEntry("status", "running")
                .containsEntry("checkpoint_name", "1:a")
                .containsEntry("completed_stages", List.of("a"));
        JsonObject result = after.resume(row.text("run_id"), fixture.caller);
        assertThat(Fixture.object(result, "metadata")).containsEntry("run_id", row.get("run_id"));
        assertThat(after.checkpoints("", fixture.caller)).isEmpty();
    }

    @Test
    void resume_killedAgainAndAgain_endsWithEachStepOnce() {
        String[] names = {"a", "b", "c", "d", "e"};
        killedAt("a", definition(names).build(), null);
        for (String name : List.of("b", "c", "e")) {
            Workflows process = process();
            made(process, definition(names).build());
            dies = name;
            untilDead(() -> process.resume("report", fixture.caller));
        }
        made(after, definition(names).build());
        assertThat(after.resume("report", fixture.caller)).containsEntry("success", true);
        assertThat(done).containsExactly(names);
    }

    @Test
    void resume_afterTheLastStep_onlyEndsTheRun() {
        SequentialDefinition definition = definition("a", "b").build();
        Workflow first = made(before, definition);
        var dying = fixture.bus.subscribe(
                "workflow.checkpoint.saved",
                SubscribeOptions.DEFAULT.onPublisherThread(),
                (event, again) -> {
                    if (done.size() == 2) {
                        die();
                    }
                },
                fixture.caller);
        untilDead(() -> first.run(null, fixture.caller));
        dying.close();
        made(after, definition);
        assertThat(after.resume("report", fixture.caller)).containsEntry("output", "B");
        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void resume_ofACancelledRun_goesOn() {
        Workflow workflow = made(before, definition("a", "b", "c").build());
        dies = "cancel b";
        assertThatThrownBy(() -> workflow.run(null, fixture.caller.limited(token, fixture.caller.deadlineNanos())))
                .isInstanceOf(CancelledException.class);
        assertThat(before.checkpoints("report", fixture.caller))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("status", "cancelled"));
        dies = "";
        assertThat(before.resume(workflow, fixture.caller)).containsEntry("success", true);
        assertThat(done).containsExactly("a", "b", "c");
    }

    @Test
    void run_thatEnded_cannotBeResumed() {
        Workflow workflow = made(before, definition("a").build());
        workflow.run(null, fixture.caller);
        refused(() -> before.resume("report", fixture.caller), ErrorCode.NOT_RESUMABLE, "report");
        refused(() -> before.resume(workflow, fixture.caller), ErrorCode.NOT_RESUMABLE, "report");
        refused(() -> before.resume("reprot", fixture.caller), ErrorCode.WORKFLOW_NOT_FOUND, "reprot", "\"report\"");
    }

    @Test
    void run_thatFailed_isForgotten() {
        SequentialDefinition definition = definition("a")
                .step(WorkflowStep.function("b", context -> {
                    throw new IllegalStateException("broken");
                }))
                .build();
        Workflow workflow = made(before, definition);
        assertThat(workflow.run(null, fixture.caller)).containsEntry("success", false);
        assertThat(entries()).isZero();
        refused(() -> before.resume("report", fixture.caller), ErrorCode.NOT_RESUMABLE);
    }

    @Test
    void resume_withOtherSteps_isRefused() {
        killedAt("b", definition("a", "b").build(), null);
        made(after, definition("a", "x", "b").build());
        refused(() -> after.resume("report", fixture.caller), ErrorCode.NOT_RESUMABLE, "a, b", "a, x, b");
    }

    @Test
    void resume_withoutItsWorkflow_saysWhatIsMissing() {
        killedAt("b", definition("a", "b").build(), null);
        String run = after.checkpoints("report", fixture.caller).get(0).text("run_id");
        refused(() -> after.resume(run, fixture.caller), ErrorCode.WORKFLOW_NOT_FOUND, "report", run);
    }

    @Test
    void resume_ofARunInProgress_isRefused() {
        List<LlmSpellException> told = new ArrayList<>();
        SequentialDefinition definition = SequentialDefinition.builder("report")
                .step(WorkflowStep.function("a", context -> {
                    String run = before.checkpoints("report", context.caller())
                            .get(0)
                            .text("run_id");
                    try {
                        return before.resume(run, context.caller());
                    } catch (LlmSpellException refused) {
                        told.add(refused);
                        return 1;
                    }
                }))
                .build();
        made(before, definition).run(null, fixture.caller);
        assertThat(told).singleElement().satisfies(error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.NOT_RESUMABLE);
            assertThat(error.getMessage()).contains("in progress");
        });
    }

    @Test
    void workflow_withoutCheckpoints_keepsNothing() {
        killedAt("b", definition("a", "b").checkpoint(false).build(), null);
        assertThat(entries()).isZero();
        made(after, definition("a", "b").checkpoint(false).build());
        refused(() -> after.resume("report", fixture.caller), ErrorCode.NOT_RESUMABLE);
    }

    @Test
    void definition_inTheFormOfScripts_knowsCheckpoint() {
        Map<String, Object> raw = Map.of(
                "name", "report", "checkpoint", false, "steps", List.of(Map.of("name", "a", "tool", "calculator")));
        assertThat(before.sequential(raw)).isNotNull();
        refused(
                () -> before.sequential(Map.of(
                        "name", "r", "checkpoint", 1, "steps", List.of(Map.of("name", "a", "tool", "calculator")))),
                ErrorCode.INVALID_WORKFLOW,
                "checkpoint");
    }

    @Test
    void checkpoint_refusedByAHook_isKeptWithTheNextOne() {
        List<String> points = new CopyOnWriteArrayList<>();
        fixture.hooks.registry().register(HookPoint.WORKFLOW_CHECKPOINT, "first", context -> {
            JsonObject data = (JsonObject) Objects.requireNonNull(context.data());
            points.add(data.text("checkpoint_name") + " " + data.get("completed_stages"));
            return points.size() == 1 ? HookResult.cancel("not yet") : HookResult.proceed();
        });
        killedAt("c", definition("a", "b", "c").build(), null);
        assertThat(points).containsExactly("1:a [a]", "2:b [a, b]");
        made(after, definition("a", "b", "c").build());
        assertThat(after.resume("report", fixture.caller)).containsEntry("success", true);
        assertThat(done).containsExactly("a", "b", "c");
    }

    @Test
    void resume_refusedByAHook_leavesTheRunAsItIs() {
        killedAt("b", definition("a", "b").build(), null);
        made(after, definition("a", "b").build());
        List<String> resumed = new CopyOnWriteArrayList<>();
        var guard = fixture.hooks.registry().register(HookPoint.BEFORE_WORKFLOW_START, "guard", context -> {
            resumed.add(String.valueOf(context.metadata().get("resumed")));
            return HookResult.cancel("not today");
        });
        refused(() -> after.resume("report", fixture.caller), ErrorCode.OPERATION_CANCELLED, "not today");
        assertThat(resumed).containsExactly("true");
        guard.unregister();
        assertThat(after.resume("report", fixture.caller)).containsEntry("success", true);
        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void resume_withinANestedWorkflow_repeatsNoneOfItsSteps() {
        SequentialDefinition inner = SequentialDefinition.builder("inner")
                .step(step("x"))
                .step(step("y"))
                .build();
        killedAt("y", outer(before, inner), null);
        made(after, outer(after, inner));
        String nested = after.checkpoints("", fixture.caller).stream()
                .filter(row -> row.text("workflow_name").equals("inner"))
                .findFirst()
                .orElseThrow()
                .text("run_id");
        refused(() -> after.resume(nested, fixture.caller), ErrorCode.WORKFLOW_NOT_FOUND, "inner");
        assertThat(after.resume("report", fixture.caller)).containsEntry("success", true);
        assertThat(done).containsExactly("a", "x", "y", "z");
        assertThat(entries()).isZero();
    }

    private SequentialDefinition outer(Workflows process, SequentialDefinition inner) {
        return SequentialDefinition.builder("report")
                .step(step("a"))
                .step(new WorkflowStep(
                        "nested", new WorkflowStep.Target.OfWorkflow(process.sequential(inner)), null, true, null))
                .step(step("z"))
                .build();
    }

    @Test
    void step_whoseOutputIsTooLargeForState_goesOnWithoutCheckpoints() {
        SequentialDefinition definition = SequentialDefinition.builder("report")
                .step(WorkflowStep.function("a", context -> "x".repeat(2 << 20)))
                .step(step("b"))
                .build();
        assertThat(made(before, definition).run(null, fixture.caller)).containsEntry("success", true);
        assertThat(done).containsExactly("b");
        assertThat(entries()).isZero();
    }

    @Test
    void placeholder_idempotencyKey_isThatOfTheStep() {
        SequentialDefinition definition = SequentialDefinition.builder("report")
                .step(new WorkflowStep(
                        "a",
                        new WorkflowStep.Target.OfFunction(
                                context -> context.stepInput() + " " + context.idempotencyKey()),
                        "{{idempotency_key}}",
                        true,
                        null))
                .build();
        String[] both = ((String) Objects.requireNonNull(
                        made(before, definition).run(null, fixture.caller).get("output")))
                .split(" ", -1);
        assertThat(both[0]).isEqualTo(both[1]).endsWith("/a/0");
    }

    @Test
    void events_ofARunThatIsResumed_sayWhatHappened() {
        killedAt("b", definition("a", "b").build(), null);
        fixture.events.clear();
        made(after, definition("a", "b").build());
        after.resume("report", fixture.caller);
        assertThat(fixture.types("workflow."))
                .containsExactly(
                        "workflow.resumed",
                        "workflow.step.started",
                        "workflow.step.completed",
                        "workflow.checkpoint.saved",
                        "workflow.completed");
        UniversalEvent saved = fixture.events.stream()
                .filter(event -> event.type().equals("workflow.checkpoint.saved"))
                .findFirst()
                .orElseThrow();
        assertThat((JsonObject) saved.payload())
                .containsEntry("checkpoint_name", "2:b")
                .containsEntry("stage_name", "b");
    }
}
