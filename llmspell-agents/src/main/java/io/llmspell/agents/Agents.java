package io.llmspell.agents;

import io.llmspell.core.agent.AgentRegistry;

/**
 * The agents of one runtime.
 *
 * <p>Everything that an agent does goes through the gate that the builder was given: its start, each run, each call of
 * its model, each tool that the model asks for, its end. <b>Threads:</b> safe.
 */
public final class Agents {
    private final AgentRegistry registry;

    Agents(AgentRegistry registry) {
        this.registry = registry;
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
}
