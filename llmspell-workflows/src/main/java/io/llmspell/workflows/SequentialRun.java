package io.llmspell.workflows;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.workflow.WorkflowException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One run of a sequential workflow: where it is and what its steps gave.
 *
 * <p>Written by the thread of the run alone; only {@code state} is shared with code of steps that may run elsewhere.
 */
final class SequentialRun {
    private static final int MOST_STEPS = 1_000;

    private final SequentialWorkflow workflow;
    private final Engine engine;
    private final String runId;
    private final Instant startTime;
    private final long startNanos;
    private SharedState state;
    private StepRecords records = new StepRecords();
    private RunStatus status = RunStatus.PENDING;
    private boolean cancelled;
    private String present = "";
    private JsonArray rolledBack = JsonArray.of();
    private @Nullable Object input;
    private @Nullable LlmSpellException failure;
    private final Progress progress;
    private final String outer;
    private final boolean resumed;
    private boolean restored;

    /** How a run begins: under which id, within which other (empty for none), and with what was kept of it if it goes on. */
    record Begin(String runId, String outer, CheckpointStore.@Nullable Kept kept) {}

    SequentialRun(SequentialWorkflow workflow, Engine engine, @Nullable Object input, Begin begin) {
        this.workflow = workflow;
        this.engine = engine;
        this.input = input;
        this.runId = begin.runId();
        this.outer = begin.outer();
        CheckpointStore.Kept kept = begin.kept();
        this.resumed = kept != null;
        this.startTime = kept == null ? engine.time().now() : started(kept, engine);
        this.startNanos = engine.time().nanos();
        this.state = new SharedState(kept == null ? workflow.definition().initialState() : kept.state());
        this.progress = new Progress(this, engine, workflow.definition().checkpoint() || kept != null);
        if (kept != null) {
            records.restore(kept.steps());
            progress.resume(kept.steps());
            restored = true;
        }
    }

    private static Instant started(CheckpointStore.Kept kept, Engine engine) {
        try {
            return Instant.parse(kept.head().startedAt());
        } catch (DateTimeException unknown) {
            return engine.time().now();
        }
    }

    Instant startTime() {
        return startTime;
    }

    /** The outermost run as a step of which this one runs; empty for none. */
    String outer() {
        return outer;
    }

    /** The outermost run: this one, if it is no step of another. */
    String outermost() {
        return outer.isEmpty() ? runId : outer;
    }

    boolean isResumed() {
        return resumed;
    }

    Progress progress() {
        return progress;
    }

    /** What stays the same when the present step is repeated. */
    String stepKey() {
        return progress.stepKey(present);
    }

    @Nullable Object input() {
        return input;
    }

    @Nullable LlmSpellException failure() {
        return failure;
    }

    String id() {
        return runId;
    }

    Component component() {
        return workflow.component();
    }

    RunStatus status() {
        return status;
    }

    /** The status of a run without a result. */
    RunStatus endedBadly() {
        return cancelled ? RunStatus.CANCELLED : RunStatus.FAILED;
    }

    WorkflowStep stepNamed(String name) {
        return workflow.definition().steps().stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    long elapsedMillis() {
        return Duration.ofNanos(engine.time().nanos() - startNanos).toMillis();
    }

    /** The id of the run that is the present step. */
    String nestedRun() {
        return progress.nestedRun(present);
    }

    List<String> stepNames() {
        return workflow.stepNames();
    }

    /** The keys of the workflow group. */
    Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("workflow_id", workflow.component().id().toString());
        keys.put("workflow_name", workflow.component().name());
        keys.put("workflow_type", SequentialWorkflow.TYPE);
        keys.put("run_id", runId);
        return keys;
    }

    Map<String, String> keys(WorkflowStep step) {
        Map<String, String> keys = keys();
        keys.put("stage_name", step.name());
        return keys;
    }

    /** Runs the steps and, if the run fails for good, takes back what they did; the body of the whole. */
    JsonObject whole(RunView.Input whole, Caller caller) {
        try {
            JsonObject result = engine.runs().call(component(), whole, caller);
            progress.end(caller);
            return result;
        } catch (CancelledException stopped) {
            cancelled = true;
            progress.cancelled(caller);
            throw stopped;
        } catch (LlmSpellException failed) {
            if (interrupted(failed)) {
                progress.cancelled(caller);
            } else if (!restored) { // else a hook refused to go on, and the run stays as it is
                progress.failing(caller);
                Compensation.of(this, failed, caller);
                progress.end(caller);
            }
            throw failed;
        }
    }

    /**
     * Whether the script ended to which the code of a step belongs, or of a step of a workflow that is the step: the step is
     * not at fault, and may run again.
     */
    static boolean interrupted(LlmSpellException failed) {
        if (failed instanceof WorkflowException && failed.getCause() instanceof LlmSpellException cause) {
            return interrupted(cause);
        }
        return failed.code().equals(ErrorCode.ENGINE_CLOSED)
                || String.valueOf(failed.details().get("limit")).startsWith("scripts.limits.");
    }

    /** Says what was taken back. */
    void rolledBack(JsonArray stages) {
        rolledBack = stages;
    }

    /**
     * Runs the steps, from the beginning if a hook repeats the run; the body of the operation. What it throws is the
     * failure of the run, unless it was stopped.
     */
    JsonObject execute(@Nullable Object changedInput, Caller caller) {
        input = changedInput;
        running(caller);
        try {
            steps(caller);
            return result().succeeded(records.lastOutput());
        } catch (CancelledException stopped) {
            throw stopped;
        } catch (LlmSpellException failed) {
            failure = failed;
            throw failed;
        }
    }

    /** Keeps the run before its first step; a run that a hook repeats begins anew. The check before the body. */
    RunView.Input kept(RunView.Input whole, Caller caller) {
        if (restored) {
            restored = false;
            return whole;
        }
        records = new StepRecords();
        state = new SharedState(workflow.definition().initialState());
        progress.begin(whole.json(), caller);
        return whole;
    }

    private void running(Caller caller) {
        if (status == RunStatus.PENDING) {
            JsonObject data = JsonObject.of("from_status", status.id(), "to_status", RunStatus.RUNNING.id());
            engine.changes().call(component(), new NoticeView.Input(keys(), data), caller);
            status = RunStatus.RUNNING;
        }
    }

    private void steps(Caller caller) {
        List<WorkflowStep> steps = workflow.definition().steps();
        int index = first(steps, caller);
        for (int count = progress.count(); index < steps.size(); count++) {
            caller.token().throwIfCancelled("workflow " + workflow.component().name());
            if (count == MOST_STEPS) {
                engine.notices().limitExceeded("steps of a run", MOST_STEPS, MOST_STEPS + 1, component(), caller);
                throw LimitException.exceeded(
                        "steps of a run", MOST_STEPS + "", "hooks sent the workflow back to earlier steps too often");
            }
            WorkflowStep step = steps.get(index);
            step(step, caller);
            index = index + 1 == steps.size() ? steps.size() : next(step, steps.get(index + 1), caller);
        }
    }

    /** The first step, or the one behind the step that ended last before the run was interrupted. */
    private int first(List<WorkflowStep> steps, Caller caller) {
        String last = progress.last();
        int index = last == null ? -1 : stepNames().indexOf(last);
        if (index < 0) {
            return 0;
        }
        return index + 1 == steps.size() ? steps.size() : next(steps.get(index), steps.get(index + 1), caller);
    }

    private int next(WorkflowStep from, WorkflowStep to, Caller caller) {
        String chosen = engine.transitions()
                .call(workflow.component(), new TransitionView.Input(this, from, to.name()), caller);
        return stepNames().indexOf(chosen);
    }

    private void step(WorkflowStep step, Caller caller) {
        present = step.name();
        boundary(step, "before", caller);
        stepReport("workflow.step.started", step, 1, Map.of(), caller);
        long started = engine.time().nanos();
        AtomicInteger attempts = new AtomicInteger();
        LlmSpellException failed = null;
        try {
            Object filled = new Template(this, step, caller).fill(step.input());
            StepOutput output =
                    engine.steps().call(workflow.component(), new StepView.Input(this, step, filled, attempts), caller);
            long took = millisSince(started);
            records.succeeded(step.name(), output, took, attempts.get());
            stepReport("workflow.step.completed", step, attempts.get(), Map.of("duration_ms", took), caller);
        } catch (LlmSpellException error) {
            failed = error;
            records.failed(step.name(), error, millisSince(started), attempts.get());
            stepReport("workflow.step.failed", step, attempts.get(), Map.of("error", JsonErrors.object(error)), caller);
            if (error instanceof CancelledException && caller.token().isCancelled()) {
                throw error;
            }
            if (interrupted(error)) { // the step has not ended, whatever failures the run goes on after
                throw stopped(step, error);
            }
        }
        boolean fast = step.required() && strategy(step) == ErrorStrategy.FAIL_FAST;
        LlmSpellException last = fast ? failed : null;
        try {
            boundary(step, "after", caller);
        } catch (CancelledException late) {
            if (last == null) {
                progress.ended(step);
            }
            throw late;
        }
        if (last != null) {
            throw stopped(step, last);
        }
        progress.completed(step, caller);
    }

    private ErrorStrategy strategy(WorkflowStep step) {
        return step.onError() == null ? workflow.definition().onError() : step.onError();
    }

    private WorkflowException stopped(WorkflowStep step, LlmSpellException cause) {
        return new WorkflowException(
                ErrorCode.WORKFLOW_FAILED,
                "workflow \"" + workflow.component().name() + "\" failed at step \"" + step.name() + "\": "
                        + cause.text(),
                Map.of("step", step.name(), "cause", JsonErrors.object(cause)),
                cause);
    }

    private void boundary(WorkflowStep step, String phase, Caller caller) {
        engine.boundaries().call(component(), new NoticeView.Input(keys(step), JsonObject.of("phase", phase)), caller);
    }

    private long millisSince(long nanos) {
        return Duration.ofNanos(engine.time().nanos() - nanos).toMillis();
    }

    /** The run as the function of a step sees it. */
    StepContext context(StepView.Input step, Caller caller) {
        return new StepContext(
                workflow.component().id().toString(),
                workflow.component().name(),
                input,
                Collections.unmodifiableMap(records.results()),
                new StepState(state, this, step.step(), caller),
                step.step().name(),
                step.json(),
                Math.max(1, step.attempt()),
                progress.stepKey(step.step().name()),
                caller);
    }

    StepRecords records() {
        return records;
    }

    SharedState state() {
        return state;
    }

    Engine engine() {
        return engine;
    }

    /** Writes to the state what hooks have left; null takes the key out. The body of the operation. */
    Outcome written(SharedDataView.Input write, Caller caller) {
        try {
            if (write.value() == null) {
                state.remove(write.key());
            } else {
                state.put(write.key(), write.value());
            }
        } catch (LimitException full) {
            long size = JsonValues.bytes(write.value());
            engine.notices().limitExceeded("state of a run", JsonLimits.TOOL.bytes(), size, component(), caller);
            throw full;
        }
        return new Outcome(write.value());
    }

    /** The result of a run that failed. */
    JsonObject failed(LlmSpellException error) {
        JsonObject result = result().failed(error);
        return rolledBack.isEmpty() ? result : result.with("rolled_back", rolledBack);
    }

    /** The result of a run whose output a hook gave. */
    JsonObject replaced(@Nullable Object output) {
        return result().succeeded(output);
    }

    private RunResult result() {
        return new RunResult(
                keys(), records, state.snapshot(), startTime, engine.time().now(), elapsedMillis());
    }

    void report(String type, Map<String, ? extends @Nullable Object> more, Caller caller) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>(keys());
        payload.putAll(more);
        engine.events().report(type, payload, workflow.component(), caller);
    }

    /** Tells that an attempt of a step begins that is not the first. */
    void retrying(StepView.Input step, Caller caller) {
        stepReport("workflow.step.retrying", step.step(), step.attempt(), Map.of(), caller);
    }

    private void stepReport(
            String type, WorkflowStep step, int attempt, Map<String, ? extends @Nullable Object> more, Caller caller) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("stage_name", step.name());
        members.put("step_type", step.target().type());
        members.put("attempt", Math.max(1, attempt));
        members.putAll(more);
        report(type, members, caller);
    }
}
