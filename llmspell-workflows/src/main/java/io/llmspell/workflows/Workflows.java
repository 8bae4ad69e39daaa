package io.llmspell.workflows;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Makes workflows.
 *
 * <p>Every run and every step of a workflow goes through the gate that the builder was given. <b>Threads:</b> safe.
 */
public final class Workflows {
    private final Engine engine;
    private final ConcurrentSkipListMap<String, Workflow> named = new ConcurrentSkipListMap<>();

    Workflows(Engine engine) {
        this.engine = engine;
    }

    /**
     * Begins a maker of workflows.
     *
     * @return the builder
     */
    public static WorkflowsBuilder builder() {
        return new WorkflowsBuilder();
    }

    /**
     * Makes a workflow that runs its steps one after the other.
     *
     * @param definition what it does
     * @return the workflow; it can run many times, also at once
     */
    public Workflow sequential(SequentialDefinition definition) {
        return new SequentialWorkflow(definition, engine);
    }

    /**
     * Makes a sequential workflow from a definition in the form of scripts.
     *
     * <p>The map has {@code name}, {@code steps}, and if wanted {@code description}, {@code initial_state} and
     * {@code error_strategy} ({@code fail_fast} or {@code continue}). Each step is a map with {@code name}, one of
     * {@code tool} (a name), {@code agent} (a name or an {@link io.llmspell.core.agent.Agent}), {@code execute} (a
     * {@link WorkflowFunction}) and {@code workflow} (a {@link Workflow} or a nested definition), and if wanted
     * {@code input} or {@code parameters} (for an agent also {@code prompt}), {@code required} and
     * {@code error_strategy}. A nested definition may also stand in place of the step itself.
     *
     * @param definition the definition
     * @return the workflow
     * @throws io.llmspell.core.workflow.WorkflowException {@code invalid_workflow} naming step and member; also for a
     *     member of the documented form that this release does not have yet. Other unknown members are logged
     */
    public Workflow sequential(Map<?, ?> definition) {
        return sequential(new DefinitionParser(this).sequential(definition, "workflow"));
    }

    /**
     * Holds a workflow so that it can be found by name; hooks redirect and fork to such workflows.
     *
     * @param workflow the workflow; several may have one name
     * @return forgets it
     */
    public Handle register(Workflow workflow) {
        String id = workflow.component().id().toString();
        named.put(id, workflow);
        return () -> named.remove(id, workflow);
    }

    /**
     * Finds a registered workflow.
     *
     * @param nameOrId its id, or its name: the one that was made last has it
     * @return the workflow, or empty
     */
    public Optional<Workflow> find(String nameOrId) {
        Workflow known = named.get(nameOrId);
        return known != null
                ? Optional.of(known)
                : named.descendingMap().values().stream() // ids are in order of time
                        .filter(each -> each.component().name().equals(nameOrId))
                        .findFirst();
    }

    /**
     * Goes on with a run that was interrupted, by the end of its process or by its caller. What its steps gave is there;
     * a step that has ended does not run again, the one that was interrupted begins anew with the same idempotency key.
     *
     * @param runOrWorkflow the id of a run, or the id or name of a workflow: its newest run that can be resumed is meant
     * @param caller on whose behalf
     * @return the result of the whole run, as {@link Workflow#run} gives it
     * @throws io.llmspell.core.workflow.WorkflowException {@code workflow_not_found} if there is no such run and no such
     *     workflow is registered, {@code not_resumable} if nothing of it was interrupted, or it cannot go on
     */
    public JsonObject resume(String runOrWorkflow, Caller caller) {
        return new Resumption(engine, this).resume(runOrWorkflow, caller);
    }

    /**
     * Goes on with the newest run of a workflow that was interrupted; the workflow need not be registered.
     *
     * @param workflow the workflow, of this maker
     * @param caller on whose behalf
     * @return the result of the whole run
     * @throws io.llmspell.core.workflow.WorkflowException {@code not_resumable}
     */
    public JsonObject resume(Workflow workflow, Caller caller) {
        return new Resumption(engine, this).resume(workflow, caller);
    }

    /**
     * The runs that have not ended: those in progress and those that were interrupted.
     *
     * @param workflow the id or name of a workflow; empty for all, also the runs that are steps of others and go on with
     *     them
     * @param caller on whose behalf
     * @return for each run, the newest first: {@code run_id}, {@code workflow_id}, {@code workflow_name}, {@code status},
     *     {@code checkpoint_name}, {@code completed_stages}, {@code started_at}
     */
    public List<JsonObject> checkpoints(String workflow, Caller caller) {
        return new Resumption(engine, this).checkpoints(workflow, caller);
    }

    /**
     * The names under which workflows are registered.
     *
     * @return the names in order, unmodifiable
     */
    public List<String> names() {
        return named.values().stream()
                .map(each -> each.component().name())
                .distinct()
                .sorted()
                .toList();
    }
}
