package io.llmspell.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.core.workflow.WorkflowException;
import io.llmspell.state.States;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of runs that were stopped at awkward places, and of runs that nobody resumes. */
@Timeout(60)
final class WorkflowInterruptionTest {
    private final Fixture fixture = new Fixture();
    private final StorageBackend backend = MemoryStorage.create(Set.of(Space.STATE, Space.META));
    private final StateManager state = States.builder()
            .storage(backend)
            .codec(RecordCodecs.create(JsonCodec.create()))
            .gate(fixture.hooks.gate())
            .build();
    private final Workflows workflows = process(state);
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CancellationSource token = new CancellationSource();
    private final Caller stoppable = fixture.caller.limited(token, fixture.caller.deadlineNanos());
    private volatile boolean scriptEnded;

    private Workflows process(StateManager manager) {
        return Workflows.builder()
                .gate(fixture.hooks.gate())
                .events(fixture.bus)
                .tools(fixture.tools.executor())
                .agents(fixture.agents.registry())
                .time(fixture.time)
                .checkpoints(manager)
                .build();
    }

    @AfterEach
    void close() {
        state.close();
        backend.close();
        token.close();
        fixture.close();
    }

    /** Writes its name to the state; sees what the steps before it have left there. */
    private WorkflowStep step(String name) {
        return WorkflowStep.function(name, context -> {
            done.add(name);
            context.state().put(name, 1);
            return String.join(" ", context.state().keySet());
        });
    }

    /** Needs a script, which may have ended. */
    private WorkflowStep scripted(String name) {
        return WorkflowStep.function(name, context -> {
            if (scriptEnded) {
                throw new WorkflowException(ErrorCode.ENGINE_CLOSED, "the script has ended", Map.of(), null);
            }
            done.add(name);
            return name;
        });
    }

    private static SequentialDefinition.Builder report(WorkflowStep... steps) {
        SequentialDefinition.Builder definition = SequentialDefinition.builder("report");
        List.of(steps).forEach(definition::step);
        return definition;
    }

    private Workflow made(Workflows process, SequentialDefinition.Builder definition) {
        Workflow workflow = process.sequential(definition.build());
        process.register(workflow);
        return workflow;
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

    private static String code(Runnable call) {
        try {
            call.run();
            return "done";
        } catch (LlmSpellException refused) {
            return refused.code().id();
        }
    }

    /** Else the step counts as done, and what it left in the state is gone. */
    @Test
    void cancelledRun_whoseLastCheckpointWasRefused_keepsTheStateOfItsSteps() {
        fixture.hooks.registry().register(HookPoint.WORKFLOW_CHECKPOINT, "no", context -> HookResult.cancel("no"));
        WorkflowStep stopped = WorkflowStep.function("b", context -> {
            context.state().put("half", true);
            if (!token.isCancelled()) {
                token.cancel();
                context.caller().token().throwIfCancelled("b");
            }
            return String.join(" ", context.state().keySet());
        });
        Workflow workflow = made(workflows, report(step("a"), stopped));
        assertThatThrownBy(() -> workflow.run(null, stoppable)).isInstanceOf(CancelledException.class);

        assertThat(workflows.resume("report", fixture.caller)).containsEntry("output", "a half");
        assertThat(done).containsExactly("a");
    }

    /** The caller cancels while the step runs, which takes no notice and ends well. */
    @Test
    void stepThatEndedWhileItsRunWasCancelled_doesNotRunAgain() {
        WorkflowStep deaf = WorkflowStep.function("b", context -> {
            done.add("b");
            context.state().put("b", 1);
            token.cancel();
            return "B";
        });
        Workflow workflow = made(workflows, report(step("a"), deaf, step("c")));
        assertThatThrownBy(() -> workflow.run(null, stoppable)).isInstanceOf(CancelledException.class);

        assertThat(workflows.resume("report", fixture.caller)).containsEntry("output", "a b c");
        assertThat(done).containsExactly("a", "b", "c");
    }

    @Test
    void stepOfANestedWorkflowWhoseScriptEnded_goesOnWithTheRun() {
        SequentialDefinition inner = SequentialDefinition.builder("inner")
                .step(step("x"))
                .step(scripted("y"))
                .build();
        WorkflowStep nested = new WorkflowStep(
                "nested", new WorkflowStep.Target.OfWorkflow(workflows.sequential(inner)), null, true, null);
        List<String> undone = new CopyOnWriteArrayList<>();
        WorkflowStep first = step("a").compensate(context -> undone.add("a"));
        Workflow workflow = made(workflows, report(first, nested, step("z")));
        scriptEnded = true;
        assertThat(workflow.run(null, fixture.caller)).containsEntry("success", false);
        assertThat(undone).isEmpty();

        scriptEnded = false;
        assertThat(workflows.resume("report", fixture.caller)).containsEntry("success", true);
        assertThat(done).containsExactly("a", "x", "y", "z");
        assertThat(entries()).isZero();
    }

    /** Its functions are gone, so what it would go on with is gone too. */
    @ParameterizedTest
    @EnumSource(ErrorStrategy.class)
    void stepWhoseScriptEnded_hasNotEnded_whateverFailuresTheRunGoesOnAfter(ErrorStrategy strategy) {
        for (boolean required : new boolean[] {true, false}) {
            done.clear();
            WorkflowStep ends = new WorkflowStep("b", scripted("b").target(), null, required, strategy);
            Workflow workflow =
                    workflows.sequential(report(step("a"), ends, step("c")).build());
            Handle registered = workflows.register(workflow);
            scriptEnded = true;
            assertThat(workflow.run(null, fixture.caller)).containsEntry("success", false);
            assertThat(done).containsExactly("a");

            scriptEnded = false;
            assertThat(workflows.resume("report", fixture.caller)).containsEntry("success", true);
            assertThat(done).containsExactly("a", "b", "c");
            registered.close();
        }
    }

    @Test
    void keptRun_ofAWorkflowThatWantsNoCheckpointsByNow_isForgottenWhenItEnds() {
        Workflow workflow = made(workflows, report(step("a"), scripted("b")));
        scriptEnded = true;
        assertThat(workflow.run(null, fixture.caller)).containsEntry("success", false);
        Workflows later = process(state);
        made(later, report(step("a"), scripted("b")).checkpoint(false));
        scriptEnded = false;

        assertThat(later.resume("report", fixture.caller)).containsEntry("success", true);
        assertThat(code(() -> later.resume("report", fixture.caller))).isEqualTo("not_resumable");
        assertThat(done).containsExactly("a", "b");
        assertThat(entries()).isZero();
    }

    /** While one resumes, another must not end the run, of which the first would go on with what it has read before. */
    @Test
    void resume_whileAnotherReadsTheRun_isRefused() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        Workflows both = process(readingSlowly(state, meanwhile));
        Workflow workflow = made(both, report(step("a"), scripted("b")));
        scriptEnded = true;
        assertThat(workflow.run(null, fixture.caller)).containsEntry("success", false);
        scriptEnded = false;
        String run = both.checkpoints("report", fixture.caller).get(0).text("run_id");
        List<String> other = new CopyOnWriteArrayList<>();
        meanwhile.set(() -> {
            meanwhile.set(() -> {});
            other.add(code(() -> both.resume(run, fixture.caller)));
        });

        assertThat(both.resume(run, fixture.caller)).containsEntry("success", true);
        assertThat(other).containsExactly("not_resumable");
        assertThat(done).containsExactly("a", "b");
    }

    /** Something happens right after the parts of a run were read. */
    private static StateManager readingSlowly(StateManager real, AtomicReference<Runnable> meanwhile) {
        return (StateManager) proxy(StateManager.class, real, (method, result) -> {
            if (!method.equals("as")) {
                return result;
            }
            return proxy(StateView.class, result, (read, value) -> {
                if (read.equals("all") && ((Map<?, ?>) value).containsKey("input")) {
                    meanwhile.get().run();
                }
                return value;
            });
        });
    }

    /** Changes what a method gives. */
    private interface Change {
        Object of(String method, Object result);
    }

    private static Object proxy(Class<?> type, Object real, Change change) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            try {
                return change.of(method.getName(), method.invoke(real, arguments));
            } catch (java.lang.reflect.InvocationTargetException failed) {
                throw failed.getCause();
            }
        });
    }

    // ---- runs that nobody resumes ----

    private static RunHead head(String run, String outer, int second) {
        return new RunHead(
                run,
                "w",
                "report",
                outer,
                RunStatus.CANCELLED,
                List.of("a"),
                List.of(),
                java.time.Instant.ofEpochSecond(second).toString());
    }

    private List<String> runs(CheckpointStore store) {
        return store.heads(fixture.caller).stream().map(RunHead::runId).toList();
    }

    @Test
    void oldestRuns_areForgottenWithTheirNestedOnes_inLongProcessesToo() {
        Set<String> active = ConcurrentHashMap.newKeySet();
        CheckpointStore store = new CheckpointStore(state, active, 2, 2);
        // the ids of nested runs are no times
        store.begin(head("c-oldest", "", 1), null, JsonObject.empty(), fixture.caller);
        store.begin(head("z-nested", "c-oldest", 2), null, JsonObject.empty(), fixture.caller);
        store.begin(head("a-second", "", 3), null, JsonObject.empty(), fixture.caller);
        store.begin(head("y-nested", "a-second", 4), null, JsonObject.empty(), fixture.caller);
        store.begin(head("b-third", "", 5), null, JsonObject.empty(), fixture.caller);
        assertThat(runs(store)).containsExactly("b-third", "y-nested", "a-second", "z-nested", "c-oldest");
        store.begin(head("x-orphan", "gone", 6), null, JsonObject.empty(), fixture.caller);
        store.begin(head("d-newest", "", 7), null, JsonObject.empty(), fixture.caller);

        assertThat(runs(store)).containsExactly("d-newest", "b-third", "y-nested", "a-second");
        assertThat(store.find("c-oldest", fixture.caller)).isEmpty();
        assertThat(active).isEmpty();
    }

    @Test
    void runsInProgress_areNotForgotten_howeverOldTheyAre() {
        Set<String> active = ConcurrentHashMap.newKeySet();
        active.add("old");
        CheckpointStore store = new CheckpointStore(state, active, 1, 1);
        store.begin(head("old", "", 1), null, JsonObject.empty(), fixture.caller);
        store.begin(head("inside", "old", 2), null, JsonObject.empty(), fixture.caller);
        store.begin(head("b", "", 3), null, JsonObject.empty(), fixture.caller);
        store.begin(head("c", "", 4), null, JsonObject.empty(), fixture.caller);
        assertThat(runs(store)).containsExactly("c", "b", "inside", "old");
        store.begin(head("d", "", 5), null, JsonObject.empty(), fixture.caller);
        assertThat(runs(store)).containsExactly("d", "c", "inside", "old");
        assertThat(active).containsExactly("old");
    }
}
