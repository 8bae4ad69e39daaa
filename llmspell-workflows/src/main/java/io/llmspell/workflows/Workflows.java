package io.llmspell.workflows;

import io.llmspell.core.workflow.Workflow;
import java.util.Map;

/**
 * Makes workflows.
 *
 * <p>Every run and every step of a workflow goes through the gate that the builder was given. <b>Threads:</b> safe.
 */
public final class Workflows {
    private final Engine engine;

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
}
