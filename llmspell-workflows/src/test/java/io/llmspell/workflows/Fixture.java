package io.llmspell.workflows;

import io.llmspell.agents.Agents;
import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.events.Events;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.Schemas;
import io.llmspell.tools.Tools;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Workflows over real hooks, events, tools and agents. */
final class Fixture implements AutoCloseable {
    /** A machine under load must not cut the hooks under test off. */
    private static final HookSettings PATIENT =
            HookSettings.DEFAULT.toBuilder().deadline(Duration.ofSeconds(30)).build();

    final TimeSource time = new SystemTimeSource();
    final Hooks hooks = Hooks.builder().time(time).settings(PATIENT).build();
    final EventBus bus = Events.builder()
            .time(time)
            .ids(IdGenerator.timeOrdered(time))
            .gate(hooks.gate())
            .awaiter(Awaiter.blocking(time))
            .redactor(Redactor.create())
            .build();
    final Caller caller = Caller.host(new CorrelationId("run-1"));
    final List<UniversalEvent> events = new CopyOnWriteArrayList<>();
    final List<String> points = new CopyOnWriteArrayList<>();
    final Tools tools = Tools.builder()
            .gate(hooks.gate())
            .events(bus)
            .schemas(Schemas.compiler())
            .time(time)
            .build();
    final Agents agents = Agents.builder()
            .gate(hooks.gate())
            .events(bus)
            .tools(tools.registry(), tools.executor())
            .time(time)
            .build();
    final Workflows workflows;

    Fixture() {
        this(null);
    }

    Fixture(@Nullable Function<Caller, StateReader> state) {
        WorkflowsBuilder builder = Workflows.builder()
                .gate(hooks.gate())
                .events(bus)
                .tools(tools.executor())
                .agents(agents.registry())
                .time(time);
        workflows = state == null ? builder.build() : builder.state(state).build();
        bus.subscribe("**", SubscribeOptions.DEFAULT.onPublisherThread(), (event, again) -> events.add(event), caller);
    }

    Agent agent(String name, String model, String... allowed) {
        return agents.registry()
                .create(
                        AgentConfig.builder(name)
                                .model(model)
                                .tools(List.of(allowed))
                                .build(),
                        caller);
    }

    JsonObject run(Workflow workflow, @Nullable Object input) {
        return workflow.run(input, caller);
    }

    JsonObject runSteps(@Nullable Object input, WorkflowStep... steps) {
        SequentialDefinition.Builder definition = SequentialDefinition.builder("report");
        List.of(steps).forEach(definition::step);
        return run(workflows.sequential(definition.build()), input);
    }

    void hook(String point, Hook hook) {
        hooks.registry().register(HookPoint.parse(point), "test-" + point, hook);
    }

    /** Notes each point that is passed, with the name of the step if there is one. */
    void trace(String... names) {
        for (String name : names) {
            hook(name, context -> {
                String stage = context.metadata().get("stage_name");
                points.add(name + (stage == null ? "" : " " + stage));
                return HookResult.proceed();
            });
        }
    }

    List<String> types(String prefix) {
        return events.stream()
                .map(UniversalEvent::type)
                .filter(type -> type.startsWith(prefix))
                .toList();
    }

    static JsonObject object(Map<?, ?> parent, String member) {
        return (JsonObject) Objects.requireNonNull(parent.get(member));
    }

    @Override
    public void close() {
        bus.close();
        hooks.close();
    }
}
