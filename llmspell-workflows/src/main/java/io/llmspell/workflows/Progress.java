package io.llmspell.workflows;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.LogText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far one run is, and what of that is kept, so that it can be resumed: a step that has ended is kept in the same batch
 * as its result before the run goes on.
 *
 * <p>For the thread of the run. Without a store, or for workflows that want no checkpoints, it only counts.
 */
final class Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

    private final SequentialRun run;
    private final Engine engine;
    private final List<JsonObject> unkept = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private @Nullable JsonObject unkeptState;
    private long unkeptVersion;
    private @Nullable CheckpointStore store;
    private long keptState;
    private boolean begun;

    /** A run that is kept from before is kept on, even if its workflow wants no checkpoints by now. */
    Progress(SequentialRun run, Engine engine, boolean kept) {
        this.run = run;
        this.engine = engine;
        this.store = kept ? engine.checkpoints() : null;
    }

    SequentialRun run() {
        return run;
    }

    /** What stays the same when the present step is repeated after an interruption. */
    String stepKey(String step) {
        return run.id() + "/" + step + "/" + ended.size();
    }

    /** The id of a run that is the present step; the same when the step is repeated. */
    String nestedRun(String step) {
        return Component.named(ComponentType.WORKFLOW, stepKey(step)).id().toString();
    }

    List<String> ended() {
        return List.copyOf(ended);
    }

    /** How many steps have ended. */
    int count() {
        return ended.size();
    }

    /** The step that ended last, or null. */
    @Nullable String last() {
        return ended.isEmpty() ? null : ended.get(ended.size() - 1);
    }

    private RunHead head(RunStatus status) {
        Instant started = run.startTime();
        return new RunHead(
                run.id(),
                run.component().id().toString(),
                run.component().name(),
                run.outer(),
                status,
                run.stepNames(),
                ended,
                started.toString());
    }

    /** Keeps the run before anything of it is done. */
    void begin(@Nullable Object input, Caller caller) {
        ended.clear();
        unkept.clear();
        unkeptState = null;
        CheckpointStore kept = store;
        if (kept != null) {
            begun = true;
            keeping(caller, () -> {
                long state = run.state().version();
                kept.begin(head(RunStatus.RUNNING), input, run.state().snapshot(), caller);
                keptState = state;
                return 0L;
            });
        }
    }

    /** Goes on where a run was interrupted. */
    void resume(List<JsonObject> results) {
        begun = true;
        results.forEach(result -> ended.add(result.text("name")));
        keptState = run.state().version();
    }

    /** Notes that a step has ended, with the state as it has left it; the next checkpoint keeps both, or the end of the run. */
    void ended(WorkflowStep step) {
        ended.add(step.name());
        if (store != null) {
            unkept.add(slim(run.records().results().get(step.name())));
            unkeptVersion = run.state().version();
            unkeptState = unkeptVersion == keptState ? null : run.state().snapshot();
        }
    }

    /** Keeps a step that has ended, unless a hook refuses the checkpoint: then the next one keeps it. */
    void completed(WorkflowStep step, Caller caller) {
        ended(step);
        if (store == null) {
            return;
        }
        JsonObject data = JsonObject.of(
                "checkpoint_name", RunHead.checkpointName(ended.size(), step.name()), "completed_stages", ended);
        try {
            long version =
                    engine.checkpoint().call(run.component(), new CheckpointView.Input(this, step, data), caller);
            if (version > 0) {
                tell(step, data, caller);
            }
        } catch (OperationCancelledException refused) {
            LOG.debug("run {} goes on without a checkpoint: {}", run.id(), LogText.masked(refused.text()));
        }
    }

    private void tell(WorkflowStep step, JsonObject data, Caller caller) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>();
        more.put("stage_name", step.name());
        more.put("checkpoint_name", data.get("checkpoint_name"));
        run.report("workflow.checkpoint.saved", more, caller);
    }

    /** The body of the operation: results, progress and state in one batch; gives its version, 0 if there is none. */
    long keep(Caller caller) {
        CheckpointStore kept = store;
        if (kept == null) {
            return 0;
        }
        return keeping(caller, () -> {
            long version = kept.checkpoint(head(RunStatus.RUNNING), unkept, unkeptState, caller);
            keptState = unkeptVersion;
            unkept.clear();
            unkeptState = null;
            return version;
        });
    }

    /** A run with something too large for state goes on, but cannot be resumed. */
    private long keeping(Caller caller, Supplier<Long> work) {
        try {
            return work.get();
        } catch (LlmSpellException failed) {
            CheckpointStore kept = store;
            if (kept == null || !CheckpointStore.tooLarge(failed)) {
                throw failed;
            }
            LOG.warn(
                    "run {} of {} cannot be resumed from here on: {}",
                    run.id(),
                    run.component(),
                    LogText.masked(failed.text()));
            store = null;
            kept.end(run.id(), caller);
            return 0;
        }
    }

    /** Says that the run will not go on: its steps are about to be taken back. */
    void failing(Caller caller) {
        quietly("marked as failed", caller, (kept, by) -> kept.checkpoint(head(RunStatus.FAILED), List.of(), null, by));
    }

    /** Says that the run was stopped, and can be resumed. */
    void cancelled(Caller caller) {
        quietly(
                "marked as cancelled",
                caller,
                (kept, by) -> kept.checkpoint(head(RunStatus.CANCELLED), unkept, unkeptState, by));
    }

    /** Forgets a run that has ended. */
    void end(Caller caller) {
        quietly("forgotten", caller, (kept, by) -> kept.end(run.id(), by));
    }

    /** What is done with a store. */
    private interface Work {
        void with(CheckpointStore kept, Caller caller);
    }

    /** The run has ended, whatever the store says; a caller that was stopped must not stop this. */
    private void quietly(String what, Caller caller, Work work) {
        CheckpointStore kept = store;
        if (kept == null || !begun) {
            return;
        }
        try {
            work.with(kept, Caller.of(caller.principal(), caller.language(), caller.correlation()));
        } catch (LlmSpellException failed) {
            LOG.warn(
                    "run {} of {} could not be {}: {}", run.id(), run.component(), what, LogText.masked(failed.text()));
        }
    }

    /** A result without what it says twice. */
    private static JsonObject slim(@Nullable JsonObject result) {
        JsonObject whole = result == null ? JsonObject.empty() : result;
        if (!whole.containsKey("result") || !JsonValues.same(whole.get("result"), whole.get("output"))) {
            return whole;
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>(whole);
        members.remove("result");
        return JsonValues.object(members, RunResult.LIMITS);
    }
}
