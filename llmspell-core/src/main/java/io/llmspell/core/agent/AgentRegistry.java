package io.llmspell.core.agent;

import io.llmspell.core.identity.Caller;
import java.util.List;
import java.util.Optional;

/**
 * Makes and holds agents.
 *
 * <p><b>Threads:</b> safe.
 */
public interface AgentRegistry {
    /**
     * Makes an agent and brings it to {@link AgentState#READY}.
     *
     * @param config what it is made of
     * @param caller on whose behalf
     * @return the agent
     * @throws AgentException {@code agent_exists}, {@code provider_not_configured}
     * @throws io.llmspell.core.gate.OperationCancelledException {@code operation_cancelled} if a hook vetoed it
     */
    Agent create(AgentConfig config, Caller caller);

    /**
     * Holds an agent that is built with its first run or by {@link AgentLife#initialize}.
     *
     * @param config what it is made of
     * @return the agent, {@link AgentState#UNINITIALIZED}
     * @throws AgentException {@code agent_exists}
     */
    Agent register(AgentConfig config);

    /**
     * Forgets an agent that has never been built; others are terminated.
     *
     * @param name its name
     * @return whether there was one
     */
    boolean forget(String name);

    /**
     * Finds an agent.
     *
     * @param nameOrId its name or id
     * @return the agent, or empty
     */
    Optional<Agent> find(String nameOrId);

    /**
     * Lists agents.
     *
     * @return the present agents in the order of their names
     */
    List<Agent> list();
}
