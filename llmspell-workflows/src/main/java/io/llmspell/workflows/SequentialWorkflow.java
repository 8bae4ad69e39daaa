package io.llmspell.workflows;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Offload;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A workflow that runs its steps in order; tells failed runs, which are results, from vetoed ones, which throw. */
final class SequentialWorkflow implements Workflow {
    static final String TYPE = "sequential";

    private final SequentialDefinition definition;
    private final Component component;
    private final Engine engine;

    SequentialWorkflow(SequentialDefinition definition, Engine engine) {
        this.definition = definition;
        this.engine = engine;
        this.component = new Component(
                ComponentType.WORKFLOW, definition.name(), engine.ids().next());
    }

    @Override
    public Component component() {
        return component;
    }

    @Override
    public String type() {
        return TYPE;
    }

    SequentialDefinition definition() {
        return definition;
    }

    @Override
    public JsonObject run(@Nullable Object input, Caller caller) {
        String id = engine.ids().next().toString();
        return run(id, () -> begun(input, new SequentialRun.Begin(id, "", null)), caller);
    }

    /** Runs as a step of another run, or goes on if that step was interrupted. */
    JsonObject runWithin(SequentialRun outer, @Nullable Object input, Caller caller) {
        String id = outer.nestedRun();
        return run(
                id,
                () -> {
                    CheckpointStore store = engine.checkpoints();
                    CheckpointStore.Kept kept = store == null || !outer.isResumed()
                            ? null
                            : store.find(id, caller)
                                    .filter(found -> found.head().status() != RunStatus.FAILED
                                            && found.head().steps().equals(stepNames()))
                                    .orElse(null);
                    return begun(
                            kept == null ? input : kept.input(), new SequentialRun.Begin(id, outer.outermost(), kept));
                },
                caller);
    }

    /** Goes on with a run that was interrupted; what is kept of it is read when nobody else can go on with it. */
    JsonObject resume(String id, Supplier<CheckpointStore.Kept> find, Caller caller) {
        return run(
                id,
                () -> {
                    CheckpointStore.Kept kept = find.get();
                    return begun(kept.input(), new SequentialRun.Begin(id, "", kept));
                },
                caller);
    }

    List<String> stepNames() {
        return definition.steps().stream().map(WorkflowStep::name).toList();
    }

    private SequentialRun begun(@Nullable Object input, SequentialRun.Begin begin) {
        return new SequentialRun(this, engine, JsonValues.checked(input, JsonLimits.TOOL), begin);
    }

    private JsonObject run(String id, Supplier<SequentialRun> begin, Caller caller) {
        if (!engine.active().add(id)) {
            throw WorkflowErrors.notResumable(id, "it is in progress");
        }
        try {
            return reported(begin.get(), caller);
        } finally {
            engine.active().remove(id);
        }
    }

    private JsonObject reported(SequentialRun run, Caller caller) {
        if (run.isResumed()) {
            Map<String, Object> more = Map.of(
                    "status", "running", "completed_stages", run.progress().ended());
            run.report("workflow.resumed", more, caller);
        } else {
            run.report("workflow.started", Map.of("status", "running"), caller);
        }
        try {
            JsonObject result = engine.whole().call(component, new RunView.Input(run, run.input()), caller);
            run.report("workflow.completed", Map.of("status", "completed", "duration_ms", run.elapsedMillis()), caller);
            return result;
        } catch (CancelledException stopped) {
            run.report("workflow.cancelled", Map.of("status", "cancelled"), caller);
            throw stopped;
        } catch (LlmSpellException failed) {
            run.report("workflow.failed", Map.of("status", "failed", "error", JsonErrors.object(failed)), caller);
            boolean goesOnLater = !run.outer().isEmpty() && SequentialRun.interrupted(failed); // with its outer run
            if (failed == run.failure() && !goesOnLater) {
                return run.failed(Objects.requireNonNull(run.failure()));
            }
            throw failed;
        }
    }

    @Override
    public Mono<JsonObject> runAsync(@Nullable Object input, Caller caller) {
        return Offload.mono(caller.token(), stop -> run(input, caller.limited(stop, caller.deadlineNanos())));
    }
}
