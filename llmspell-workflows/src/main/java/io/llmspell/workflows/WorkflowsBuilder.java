package io.llmspell.workflows;

import io.llmspell.core.agent.AgentRegistry;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.time.TimeSource;
import io.llmspell.core.tool.ToolExecutor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link Workflows}. Gate, events, tools, agents and time are needed; the rest has defaults.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class WorkflowsBuilder {
    private @Nullable Gate gate;
    private @Nullable EventBus events;
    private @Nullable ToolExecutor tools;
    private @Nullable AgentRegistry agents;
    private @Nullable TimeSource time;
    private @Nullable IdGenerator ids;
    private @Nullable Function<Caller, ? extends StateReader> state;
    private @Nullable StateManager checkpoints;
    private Redactor redactor = Redactor.create();

    WorkflowsBuilder() {}

    /**
     * Sets the gate that every run and step passes.
     *
     * @param value the gate
     * @return this builder
     */
    public WorkflowsBuilder gate(Gate value) {
        this.gate = value;
        return this;
    }

    /**
     * Sets the bus that gets the events of runs and steps.
     *
     * @param value the bus
     * @return this builder
     */
    public WorkflowsBuilder events(EventBus value) {
        this.events = value;
        return this;
    }

    /**
     * Sets what calls the tools of steps.
     *
     * @param value the executor
     * @return this builder
     */
    public WorkflowsBuilder tools(ToolExecutor value) {
        this.tools = value;
        return this;
    }

    /**
     * Sets where steps find agents by name.
     *
     * @param value the registry
     * @return this builder
     */
    public WorkflowsBuilder agents(AgentRegistry value) {
        this.agents = value;
        return this;
    }

    /**
     * Sets the clock.
     *
     * @param value the clock
     * @return this builder
     */
    public WorkflowsBuilder time(TimeSource value) {
        this.time = value;
        return this;
    }

    /**
     * Sets what makes the ids of workflows and runs; time-ordered ids by default.
     *
     * @param value the generator
     * @return this builder
     */
    public WorkflowsBuilder ids(IdGenerator value) {
        this.ids = value;
        return this;
    }

    /**
     * Sets what masks secrets in events and errors; the redactor of the house by default.
     *
     * @param value the redactor
     * @return this builder
     */
    public WorkflowsBuilder redactor(Redactor value) {
        this.redactor = value;
        return this;
    }

    /**
     * Sets where the placeholder {@code {{state:KEY}}} looks when the state of the run has no such key: in the global
     * scope of this reader. Without it the placeholder knows the state of the run alone.
     *
     * @param value gives a reader with the rights of a caller
     * @return this builder
     */
    public WorkflowsBuilder state(Function<Caller, ? extends StateReader> value) {
        this.state = value;
        return this;
    }

    /**
     * Sets where runs are kept as they go, so that they can be resumed; without it none can.
     *
     * @param manager the state manager
     * @return this builder
     */
    public WorkflowsBuilder checkpoints(StateManager manager) {
        this.checkpoints = manager;
        return this;
    }

    /**
     * Makes the maker of workflows.
     *
     * @return the workflows
     * @throws ArgumentException {@code invalid_argument} if a needed part was not set
     */
    public Workflows build() {
        TimeSource clock = needed("time", time);
        IdGenerator made = ids == null ? IdGenerator.timeOrdered(clock) : ids;
        EventReporter reporter = new EventReporter(needed("events", events), redactor);
        StepRunner runner = new StepRunner(needed("tools", tools), needed("agents", agents), redactor);
        return new Workflows(new Engine(needed("gate", gate), reporter, clock, made, runner, state, checkpoints));
    }

    private static <T> T needed(String name, @Nullable T value) {
        if (value == null) {
            throw new ArgumentException("Workflows.builder() was built without " + name + "(...), which it needs");
        }
        return value;
    }
}
