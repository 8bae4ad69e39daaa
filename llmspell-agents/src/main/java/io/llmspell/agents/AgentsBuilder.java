package io.llmspell.agents;

import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.ComponentBreaker;
import io.llmspell.core.gate.ComponentBreakers;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.time.TimeSource;
import io.llmspell.core.tool.ToolExecutor;
import io.llmspell.core.tool.ToolRegistry;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * Builds {@link Agents}. Gate, events, tools and time are needed; the rest has defaults.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class AgentsBuilder {
    private @Nullable Gate gate;
    private @Nullable EventBus events;
    private @Nullable ToolExecutor executor;
    private @Nullable ToolRegistry tools;
    private @Nullable TimeSource time;
    private @Nullable IdGenerator ids;
    private @Nullable Awaiter awaiter;
    private @Nullable AgentStore store;
    private AgentPersistence persistence = AgentPersistence.PRODUCTION;
    private Redactor redactor = Redactor.create();
    private ComponentBreakers breakers = component -> ComponentBreaker.never();
    private List<ModelProvider> providers = List.of(new OfflineProvider());

    AgentsBuilder() {}

    /**
     * Sets the gate that every operation of an agent passes.
     *
     * @param value the gate
     * @return this builder
     */
    public AgentsBuilder gate(Gate value) {
        this.gate = value;
        return this;
    }

    /**
     * Sets the bus that gets {@code agent.state.changed} and {@code agent.run.started}, {@code agent.run.completed},
     * {@code agent.run.failed}.
     *
     * @param value the bus
     * @return this builder
     */
    public AgentsBuilder events(EventBus value) {
        this.events = value;
        return this;
    }

    /**
     * Sets the tools that models may ask for.
     *
     * @param registry describes them
     * @param calls calls them
     * @return this builder
     */
    public AgentsBuilder tools(ToolRegistry registry, ToolExecutor calls) {
        this.tools = registry;
        this.executor = calls;
        return this;
    }

    /**
     * Sets the clock.
     *
     * @param value the clock
     * @return this builder
     */
    public AgentsBuilder time(TimeSource value) {
        this.time = value;
        return this;
    }

    /**
     * Sets what makes the ids of agents; time-ordered ids by default.
     *
     * @param value the generator
     * @return this builder
     */
    public AgentsBuilder ids(IdGenerator value) {
        this.ids = value;
        return this;
    }

    /**
     * Sets what masks secrets in events; the redactor of the house by default.
     *
     * @param value the redactor
     * @return this builder
     */
    public AgentsBuilder redactor(Redactor value) {
        this.redactor = value;
        return this;
    }

    /**
     * Sets how runs wait for models and for their turn; by default they park their thread.
     *
     * @param value the awaiter
     * @return this builder
     */
    public AgentsBuilder awaiter(Awaiter value) {
        this.awaiter = value;
        return this;
    }

    /**
     * Sets the providers of models; {@link OfflineProvider} alone by default. A model without a slash belongs to the
     * first one.
     *
     * @param values the providers, at least one, with different names
     * @return this builder
     */
    public AgentsBuilder providers(List<? extends ModelProvider> values) {
        this.providers = List.copyOf(values);
        return this;
    }

    /**
     * Sets what makes the breaker of each agent; by default none opens.
     *
     * @param value makes breakers
     * @return this builder
     */
    public AgentsBuilder breakers(ComponentBreakers value) {
        this.breakers = value;
        return this;
    }

    /**
     * Sets where the records of agents are kept; without a store nothing is saved.
     *
     * @param records the store
     * @return this builder
     */
    public AgentsBuilder store(AgentStore records) {
        this.store = records;
        return this;
    }

    /**
     * Sets when agents are saved by themselves; {@link AgentPersistence#PRODUCTION} by default.
     *
     * @param settings the settings
     * @return this builder
     */
    public AgentsBuilder persistence(AgentPersistence settings) {
        this.persistence = settings;
        return this;
    }

    /**
     * Makes the agents.
     *
     * @return the agents; none yet
     * @throws ArgumentException {@code invalid_argument} if a needed part was not set or two providers share a name
     */
    public Agents build() {
        TimeSource clock = needed("time", time);
        Gate passes = needed("gate", gate);
        EventReporter reporter = new EventReporter(needed("events", events), redactor);
        Shared shared = new Shared(
                reporter,
                clock,
                ids == null ? IdGenerator.timeOrdered(clock) : ids,
                awaiter == null ? Awaiter.blocking(clock) : awaiter,
                new Providers(providers),
                new AgentTools(needed("tools", tools), needed("tools", executor)),
                new Notices(passes, reporter),
                store,
                persistence);
        AgentRegistryImpl registry = new AgentRegistryImpl(shared, new AgentOperations(passes, shared), breakers);
        Executor executor = work -> Schedulers.boundedElastic().schedule(work);
        return new Agents(registry, store, new AutoSaver(shared, registry::all, executor).start());
    }

    private static <T> T needed(String name, @Nullable T value) {
        if (value == null) {
            throw new ArgumentException("Agents.builder() was built without " + name + "(...), which it needs");
        }
        return value;
    }
}
