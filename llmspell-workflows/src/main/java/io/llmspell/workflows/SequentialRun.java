package io.llmspell.workflows;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.workflow.WorkflowException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a sequential workflow: where it is and what its steps gave.
 *
 * <p>Written by the thread of the run alone; only {@code state} is shared with code of steps that may run elsewhere.
 */
final class SequentialRun {
    private static final int MOST_STEPS = 1_000;
    private static final int FIRST_ATTEMPT = 1;

    private final SequentialWorkflow workflow;
    private final Engine engine;
    private final String runId;
    private final Instant startTime;
    private final long startNanos;
    private final SharedState state;
    private final StepRecords records = new StepRecords();
    private @Nullable Object input;
    private @Nullable LlmSpellException failure;

    SequentialRun(SequentialWorkflow workflow, Engine engine, @Nullable Object input) {
        this.workflow = workflow;
        this.engine = engine;
        this.input = input;
        this.runId = engine.ids().next().toString();
        this.startTime = engine.time().now();
        this.startNanos = engine.time().nanos();
        this.state = new SharedState(workflow.definition().initialState());
    }

    @Nullable Object input() {
        return input;
    }

    @Nullable LlmSpellException failure() {
        return failure;
    }

    long elapsedMillis() {
        return Duration.ofNanos(engine.time().nanos() - startNanos).toMillis();
    }

    List<String> stepNames() {
        return workflow.definition().steps().stream().map(WorkflowStep::name).toList();
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

    /** Runs the steps; the body of the operation. What it throws is the failure of the run, unless it was stopped. */
    JsonObject execute(@Nullable Object changedInput, Caller caller) {
        input = changedInput;
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

    private void steps(Caller caller) {
        List<WorkflowStep> steps = workflow.definition().steps();
        int index = 0;
        for (int count = 0; index < steps.size(); count++) {
            caller.token().throwIfCancelled("workflow " + workflow.component().name());
            if (count == MOST_STEPS) {
                throw LimitException.exceeded(
                        "steps of a run", MOST_STEPS + "", "hooks sent the workflow back to earlier steps too often");
            }
            WorkflowStep step = steps.get(index);
            step(step, caller);
            index = index + 1 == steps.size() ? steps.size() : next(step, steps.get(index + 1), caller);
        }
    }

    private int next(WorkflowStep from, WorkflowStep to, Caller caller) {
        String chosen = engine.transitions()
                .call(workflow.component(), new TransitionView.Input(this, from, to.name()), caller);
        return stepNames().indexOf(chosen);
    }

    private void step(WorkflowStep step, Caller caller) {
        boundary(step, "before", caller);
        stepReport("workflow.step.started", step, Map.of(), caller);
        long started = engine.time().nanos();
        LlmSpellException failed = null;
        try {
            Object filled = new Template(this, step, caller).fill(step.input());
            StepOutput output = engine.steps()
                    .call(workflow.component(), new StepView.Input(this, step, filled, FIRST_ATTEMPT), caller);
            long took = millisSince(started);
            records.succeeded(step.name(), output, took);
            stepReport("workflow.step.completed", step, Map.of("duration_ms", took), caller);
        } catch (LlmSpellException error) {
            failed = error;
            records.failed(step.name(), error, millisSince(started));
            stepReport("workflow.step.failed", step, Map.of("error", JsonErrors.object(error)), caller);
            if (error instanceof CancelledException && caller.token().isCancelled()) {
                throw error;
            }
        }
        boundary(step, "after", caller);
        if (failed != null && step.required() && strategy(step) == ErrorStrategy.FAIL_FAST) {
            throw stopped(step, failed);
        }
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
        engine.boundaries().call(workflow.component(), new BoundaryView.Input(this, step, phase), caller);
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
                state,
                step.step().name(),
                step.json(),
                step.attempt(),
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

    /** The result of a run that failed. */
    JsonObject failed(LlmSpellException error) {
        return result().failed(error);
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

    private void stepReport(
            String type, WorkflowStep step, Map<String, ? extends @Nullable Object> more, Caller caller) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("stage_name", step.name());
        members.put("step_type", step.target().type());
        members.put("attempt", FIRST_ATTEMPT);
        members.putAll(more);
        report(type, members, caller);
    }
}
