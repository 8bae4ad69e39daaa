package io.llmspell.state.agent;

/**
 * Makes stores for the records of agents.
 *
 * <p><b>Threads:</b> safe.
 */
public final class AgentStores {
    private AgentStores() {}

    /**
     * Begins a store.
     *
     * @return the builder
     */
    public static AgentStoreBuilder builder() {
        return new AgentStoreBuilder();
    }
}
