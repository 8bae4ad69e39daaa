package io.llmspell.agents;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.AgentRegistry;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/** Agents by name; an agent that is still being made holds its name but is not shown. */
final class AgentRegistryImpl implements AgentRegistry {
    private static final Set<AgentState> HIDDEN = EnumSet.of(AgentState.UNINITIALIZED, AgentState.INITIALIZING);

    private final ConcurrentSkipListMap<String, AgentImpl> agents = new ConcurrentSkipListMap<>();
    private final Shared shared;
    private final AgentOperations operations;

    AgentRegistryImpl(Shared shared, AgentOperations operations) {
        this.shared = shared;
        this.operations = operations;
    }

    @Override
    public Agent create(AgentConfig config, Caller caller) {
        String name = config.name();
        Component component =
                new Component(ComponentType.AGENT, name, shared.ids().next());
        AgentImpl agent = new AgentImpl(config, component, shared, operations, () -> agents.remove(name));
        if (agents.putIfAbsent(name, agent) != null) {
            throw new AgentException(
                    ErrorCode.AGENT_EXISTS,
                    "an agent named \"" + name + "\" exists already; terminate it first, or choose another name",
                    Map.of("agent", name),
                    null);
        }
        try {
            agent.initialize(caller);
        } catch (LlmSpellException failed) {
            agents.remove(name, agent);
            throw failed;
        }
        return agent;
    }

    @Override
    public Optional<Agent> find(String nameOrId) {
        AgentImpl named = agents.get(nameOrId);
        if (named != null) {
            return HIDDEN.contains(named.state()) ? Optional.empty() : Optional.of(named);
        }
        return list().stream()
                .filter(agent -> agent.component().id().toString().equals(nameOrId))
                .findFirst();
    }

    @Override
    public List<Agent> list() {
        return agents.values().stream()
                .filter(agent -> !HIDDEN.contains(agent.state()))
                .map(Agent.class::cast)
                .toList();
    }
}
