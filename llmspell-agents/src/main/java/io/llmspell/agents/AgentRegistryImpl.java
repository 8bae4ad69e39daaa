package io.llmspell.agents;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.AgentRegistry;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.ComponentBreakers;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Agents by name; an agent that is still being made holds its name but is not shown. */
final class AgentRegistryImpl implements AgentRegistry {
    private final ConcurrentSkipListMap<String, AgentImpl> agents = new ConcurrentSkipListMap<>();
    private final Set<AgentImpl> inTheMaking = ConcurrentHashMap.newKeySet();
    private final Shared shared;
    private final AgentOperations operations;
    private final ComponentBreakers breakers;

    AgentRegistryImpl(Shared shared, AgentOperations operations, ComponentBreakers breakers) {
        this.breakers = breakers;
        this.shared = shared;
        this.operations = operations;
    }

    @Override
    public Agent create(AgentConfig config, Caller caller) {
        AgentImpl agent = newAgent(config);
        inTheMaking.add(agent);
        try {
            held(agent);
            agent.life().initialize(caller);
        } catch (LlmSpellException failed) {
            agents.remove(config.name(), agent);
            throw failed;
        } finally {
            inTheMaking.remove(agent);
        }
        return agent;
    }

    @Override
    public Agent register(AgentConfig config) {
        return held(newAgent(config));
    }

    private AgentImpl newAgent(AgentConfig config) {
        String name = config.name();
        Component component =
                new Component(ComponentType.AGENT, name, shared.ids().next());
        AtomicReference<@Nullable AgentImpl> made = new AtomicReference<>();
        AgentBreaker breaker = new AgentBreaker(name, breakers.of(component));
        AgentImpl agent =
                new AgentImpl(config, component, shared, operations, breaker, () -> agents.remove(name, made.get()));
        made.set(agent);
        return agent;
    }

    private AgentImpl held(AgentImpl agent) {
        String name = agent.config().name();
        if (agents.putIfAbsent(name, agent) != null) {
            throw new AgentException(
                    ErrorCode.AGENT_EXISTS,
                    "an agent named \"" + name + "\" exists already; terminate it first, or choose another name",
                    Map.of("agent", name),
                    null);
        }
        return agent;
    }

    @Override
    public boolean forget(String name) {
        AgentImpl agent = agents.get(name);
        return agent != null && agent.state() == AgentState.UNINITIALIZED && agents.remove(name, agent);
    }

    @Override
    public Optional<Agent> find(String nameOrId) {
        AgentImpl named = agents.get(nameOrId);
        if (named != null) {
            return inTheMaking.contains(named) ? Optional.empty() : Optional.of(named);
        }
        return list().stream()
                .filter(agent -> agent.component().id().toString().equals(nameOrId))
                .findFirst();
    }

    /** All agents, those in the making too. */
    List<AgentImpl> all() {
        return List.copyOf(agents.values());
    }

    @Override
    public List<Agent> list() {
        return agents.values().stream()
                .filter(agent -> !inTheMaking.contains(agent))
                .map(Agent.class::cast)
                .toList();
    }
}
