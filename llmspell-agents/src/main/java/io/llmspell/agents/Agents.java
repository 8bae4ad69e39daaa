package io.llmspell.agents;

import io.llmspell.core.agent.AgentRegistry;
import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InvalidStateException;
import org.jspecify.annotations.Nullable;

/**
 * The agents of one runtime.
 *
 * <p>Everything that an agent does goes through the gate that the builder was given: its start, each run, each call of
 * its model, each tool that the model asks for, its end. <b>Threads:</b> safe.
 */
public final class Agents implements AutoCloseable {
    private final AgentRegistry registry;
    private final @Nullable AgentStore records;
    private final Handle saving;

    Agents(AgentRegistry registry, @Nullable AgentStore records, Handle saving) {
        this.registry = registry;
        this.records = records;
        this.saving = saving;
    }

    /**
     * Begins a set of agents.
     *
     * @return the builder
     */
    public static AgentsBuilder builder() {
        return new AgentsBuilder();
    }

    /**
     * Makes and holds the agents.
     *
     * @return the registry
     */
    public AgentRegistry registry() {
        return registry;
    }

    /**
     * What is kept of agents, also of those that are not here.
     *
     * @return the store
     * @throws InvalidStateException {@code invalid_state} if the builder got none
     */
    public AgentStore records() {
        AgentStore store = records;
        if (store == null) {
            throw new InvalidStateException("these agents were built without a store; give one to Agents.builder()");
        }
        return store;
    }

    /** Saves what has changed since the last save, if that is wanted, and saves nothing by itself any more. */
    @Override
    public void close() {
        saving.close();
    }
}
