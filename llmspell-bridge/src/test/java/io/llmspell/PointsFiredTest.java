package io.llmspell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.artifact.ArtifactDraft;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookPointInfo;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateView;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.testing.time.ManualTime;
import io.llmspell.testing.tool.ScriptedTool;
import io.llmspell.workflows.SequentialDefinition;
import io.llmspell.workflows.WorkflowStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/**
 * Every hook point that core knows is fired by the part that owns it. The real runtime is driven through all of them;
 * what belongs to a part that is not built yet stands in one list, which is counted down here.
 */
@Timeout(60)
final class PointsFiredTest {
    private static final Path LIST = Path.of("..", "docs", "decisions", "0006-points-due.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([A-Za-z_:]+)` \\| \\S.*\\|$");

    private final ManualTime time = new ManualTime();
    private final Set<String> fired = new ConcurrentSkipListSet<>();
    private final Map<String, Component> components = new ConcurrentHashMap<>();

    private static Set<String> known() {
        return HookPoint.known().stream().map(HookPointInfo::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> listed() throws IOException {
        try (Stream<String> lines = Files.lines(LIST)) {
            return lines.map(ROW::matcher)
                    .filter(Matcher::matches)
                    .map(row -> row.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private void everywhere(HookRegistry hooks) {
        for (HookPointInfo point : HookPoint.known()) {
            hooks.register(new HookPoint(point.name()), "sees", context -> {
                fired.add(context.point().name());
                components.put(context.point().name(), context.component());
                return HookResult.proceed();
            });
        }
        hooks.register(HookPoint.BEFORE_TOOL_EXECUTION, "slow", context -> {
            time.advance(Duration.ofMillis(1));
            return HookResult.proceed();
        });
    }

    @Test
    void knownPoints_areFiredOrDue() throws IOException {
        drive();
        Set<String> due = listed();
        Set<String> forgotten = known();
        forgotten.removeAll(fired);
        forgotten.removeAll(due);
        Set<String> done = new TreeSet<>(due);
        done.retainAll(fired);
        Set<String> unknown = new TreeSet<>(due);
        unknown.removeAll(known());

        assertThat(forgotten)
                .as("known to core and fired by nothing: fire them, or say in %s what brings them", LIST)
                .isEmpty();
        assertThat(done).as("fired by now: take these rows out of %s", LIST).isEmpty();
        assertThat(unknown).as("listed in %s and not known to core", LIST).isEmpty();
        assertThat(components.get("tool_timeout").toString()).isEqualTo("tool/slow");
        assertThat(components.get("agent_paused").toString()).isEqualTo("agent/thinker");
        assertThat(components.get("WorkflowRollback").toString()).isEqualTo("workflow/failing");
        assertThat(components.get("state_change").toString()).isEqualTo("system/state");
        assertThat(components.get("artifact:accessed").toString()).isEqualTo("artifact/n");
        assertThat(components.get("MemoryUsageHigh").toString()).isEqualTo("system/runtime");
    }

    private void drive() {
        try (LlmSpell spell = LlmSpell.builder()
                .time(time)
                .provider(new Moody())
                .config(Patience.CONFIG)
                .hooks(this::everywhere)
                .build()) {
            Caller caller = spell.caller();
            tools(spell, caller);
            agents(spell, caller);
            workflows(spell, caller);
            state(spell, caller);
            sessions(spell, caller);
            events(spell, caller);
            system(spell);
        }
    }

    private void tools(LlmSpell spell, Caller caller) {
        spell.tools().discover("", caller);
        spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1 + 1"), caller);
        spell.tools().register(new ScriptedTool("slow", (parameters, run) -> {
            time.advance(Duration.ofSeconds(31));
            return parameters;
        }));
        spell.toolExecutor().invoke("slow", JsonObject.empty(), caller);
        spell.tools()
                .register(new ScriptedTool(
                        "root",
                        SecurityLevel.PRIVILEGED,
                        JsonObject.of("type", "object"),
                        (parameters, run) -> parameters));
        assertThatThrownBy(() -> spell.toolExecutor().invoke("root", JsonObject.empty(), caller))
                .isInstanceOf(LlmSpellException.class);
    }

    private void agents(LlmSpell spell, Caller caller) {
        Agent agent = spell.agents()
                .create(AgentConfig.builder("thinker").model("moody/any").build(), caller);
        JsonObject question = JsonObject.of("text", "well?");
        assertThatThrownBy(() -> agent.run(question, caller)).isInstanceOf(LlmSpellException.class);
        agent.run(question, caller);
        agent.life().pause("", caller);
        agent.life().resume("", caller);
        agent.memory().save(caller);
        agent.memory().load(caller);
        agent.memory().delete(caller);
        agent.terminate(caller);
    }

    private static void workflows(LlmSpell spell, Caller caller) {
        WorkflowStep step = WorkflowStep.function(
                        "a", context -> context.state().put("k", 1))
                .compensate(context -> null);
        spell.workflows()
                .sequential(SequentialDefinition.builder("good")
                        .step(step)
                        .step(WorkflowStep.function("b", context -> 1))
                        .build())
                .run(null, caller);
        spell.workflows()
                .sequential(SequentialDefinition.builder("failing")
                        .step(step)
                        .step(WorkflowStep.function("b", context -> {
                            throw new IOException("broken");
                        }))
                        .build())
                .run(null, caller);
    }

    private static void state(LlmSpell spell, Caller caller) {
        StateView state = spell.state().as(caller);
        StateKey key = StateKey.of(Scope.GLOBAL, "k");
        state.put(key, 1);
        state.get(key);
        state.apply(List.of(new StateChange.Check(key, 0), StateChange.Put.of(key, 2)));
    }

    private static void sessions(LlmSpell spell, Caller caller) {
        Session session = spell.sessions().start(SessionOptions.DEFAULT, caller);
        session.checkpoint("x", caller);
        session.restore("x", caller);
        ArtifactDraft draft = ArtifactDraft.text("n", "note", "x").withSession(session.id());
        ArtifactInfo first = spell.artifacts().store(draft, caller);
        spell.artifacts().store(draft.withParents("from", List.of(first.id())), caller);
        spell.artifacts().get(first.id(), caller);
        assertThatThrownBy(() -> spell.artifacts().store(ArtifactDraft.text("j", "json", "{"), caller))
                .isInstanceOf(LlmSpellException.class);
        session.finish(caller);
    }

    private void events(LlmSpell spell, Caller caller) {
        spell.events()
                .subscribe(
                        "a",
                        SubscribeOptions.DEFAULT.onPublisherThread(),
                        (event, again) -> {
                            throw new IllegalStateException("cannot");
                        },
                        caller);
        spell.events().publish(EventDraft.of("a", 1, Component.named(ComponentType.SYSTEM, "test")), caller);
    }

    private void system(LlmSpell spell) {
        spell.configure("monitor", "memory_high", 0.000_001);
        spell.configure("monitor", "cpu_high", 0);
        spell.configure("monitor", "cpu_window", "1ms");
        for (int i = 0; i < 120; i++) { // hooks that take nearly all the time of their tool
            spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1"), spell.caller());
        }
        time.advance(Duration.ofSeconds(31));
        spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1"), spell.caller());
        await().until(() -> {
            burn();
            time.advance(Duration.ofSeconds(10));
            return fired.containsAll(Set.of("MemoryUsageHigh", "CpuUsageHigh"));
        });
    }

    /** Uses a processor for a moment, so that there is something to measure. */
    private static double burn() {
        double sum = 0;
        for (int i = 0; i < 2_000_000; i++) {
            sum += Math.sqrt(i);
        }
        return sum;
    }

    /** A provider whose first answer fails. */
    private static final class Moody implements ModelProvider {
        private boolean asked;

        @Override
        public String name() {
            return "moody";
        }

        @Override
        public List<String> models() {
            return List.of("any");
        }

        @Override
        public Mono<ModelResponse> complete(ModelRequest request, Caller caller) {
            boolean first = !asked;
            asked = true;
            return first
                    ? Mono.error(new IOException("down"))
                    : Mono.just(new ModelResponse("fine", List.of(), io.llmspell.core.agent.TokenUsage.NONE, "stop"));
        }
    }
}
