package io.llmspell.agents;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.gate.ComponentBreaker;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.Schemas;
import io.llmspell.testing.event.RecordingEventBus;
import io.llmspell.tools.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Agents with real hooks and tools and a bus that records. */
final class AgentsFixture {
    /** A machine under load must not cut the hooks under test off. */
    private static final HookSettings PATIENT =
            HookSettings.DEFAULT.toBuilder().deadline(Duration.ofSeconds(30)).build();

    final TimeSource time;
    final Hooks hooks;
    final RecordingEventBus bus = new RecordingEventBus();
    final Caller caller = Caller.host(new CorrelationId("run-1"));
    final List<String> points = new CopyOnWriteArrayList<>();
    final Tools tools;
    final Agents agents;

    AgentsFixture(ModelProvider... more) {
        this(new SystemTimeSource(), more);
    }

    AgentsFixture(TimeSource clock, ModelProvider... more) {
        this(clock, false, more);
    }

    /** Agents that have breakers, or none that open. */
    AgentsFixture(TimeSource clock, boolean guarded, ModelProvider... more) {
        time = clock;
        hooks = Hooks.builder()
                .time(time)
                .settings(clock instanceof SystemTimeSource ? PATIENT : HookSettings.DEFAULT)
                .build();
        tools = Tools.builder()
                .gate(hooks.gate())
                .events(bus)
                .schemas(Schemas.compiler())
                .time(time)
                .build();
        List<ModelProvider> providers = new ArrayList<>();
        providers.add(new OfflineProvider());
        providers.addAll(List.of(more));
        agents = Agents.builder()
                .breakers(guarded ? hooks::breaker : component -> ComponentBreaker.never())
                .gate(hooks.gate())
                .events(bus)
                .tools(tools.registry(), tools.executor())
                .time(time)
                .awaiter(Awaiter.blocking(time))
                .providers(providers)
                .build();
    }

    Agent create(String model, String... allowed) {
        return create(AgentConfig.builder("writer")
                .model(model)
                .tools(List.of(allowed))
                .build());
    }

    Agent create(AgentConfig config) {
        return agents.registry().create(config, caller);
    }

    JsonObject ask(Agent agent, String text) {
        return agent.run(JsonObject.of("text", text), caller);
    }

    void hook(String point, Hook hook) {
        hooks.registry().register(HookPoint.parse(point), "test-" + point, hook);
    }

    /** Notes each point that is passed, with the state that the agent shows at that moment. */
    void trace(Agent agent, String... names) {
        for (String name : names) {
            hook(name, context -> {
                points.add(name + " " + agent.state().id());
                return io.llmspell.core.hook.HookResult.proceed();
            });
        }
    }
}
