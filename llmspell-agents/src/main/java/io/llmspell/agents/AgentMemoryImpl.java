package io.llmspell.agents;

import io.llmspell.core.agent.AgentMemory;
import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import org.jspecify.annotations.Nullable;

/** The memory of one agent as its users see it. */
final class AgentMemoryImpl implements AgentMemory {
    private final AgentImpl agent;
    private final Memory memory;
    private final Saver saver;

    AgentMemoryImpl(AgentImpl agent, Memory memory, Saver saver) {
        this.agent = agent;
        this.memory = memory;
        this.saver = saver;
    }

    @Override
    public AgentRecord snapshot() {
        return agent.snapshot().record();
    }

    @Override
    public JsonObject variables() {
        return memory.variables();
    }

    @Override
    public void setVariable(String name, @Nullable Object value) {
        memory.setVariable(name, JsonValues.checked(value, JsonLimits.VALUE));
    }

    @Override
    public void save(Caller caller) {
        saver.save(caller);
    }

    @Override
    public boolean load(Caller caller) {
        saver.store(); // without one there is nothing to wait for
        return agent.betweenRuns(caller, () -> saver.load(caller));
    }

    @Override
    public boolean delete(Caller caller) {
        return saver.store().delete(agent.component(), caller);
    }
}
