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
