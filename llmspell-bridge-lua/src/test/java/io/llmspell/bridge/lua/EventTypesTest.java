package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateView;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.workflows.SequentialDefinition;
import io.llmspell.workflows.WorkflowStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The list of the guide names every event that a full run of the runtime emits, with its payload. */
@Timeout(120)
final class EventTypesTest {
    private static final Path LIST = Path.of("..", "docs", "guide", "event-types.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_.]+)` \\| (.*?) \\| \\S.*\\|$");

    /** What the run cannot bring about in the time of a test. */
    private static final Set<String> NOT_DRIVEN = Set.of("cost.alert", "performance.threshold.exceeded");

    private static final String LAST = "system.stopped";

    private static final Map<String, Object> CONFIG = Map.of(
            "hooks",
            Map.of("execution_events", true, "breaker", Map.of("open_duration", "50ms")),
            "monitor",
            Map.of("interval", "10ms", "memory_high", 0.000_001, "cpu_high", 0, "cpu_window", "10ms"),
            "events",
            Map.of("journal", Map.of("exclude", List.of("test.**"))));

    private static final List<String> SCRIPTS = List.of("""
            Tool.calculator {input = "1 + 1"}
            pcall(function() Tool.invoke("calculator", {input = "1 +"}) end)
            Tool.register {name = "lazy", timeout_ms = 20, execute = function() while true do end end}
            pcall(function() Tool.invoke("lazy", {}) end)
            Tool.register {name = "root", security_level = "privileged", execute = function() return 1 end}
            pcall(function() Tool.invoke("root", {}) end)
            """, """
            local agent = Agent.create {name = "thinker", model = "offline/echo"}
            agent:invoke("well?")
            agent:save_state()
            agent:load_state()
            agent:delete_state()
            Hook.register("agent_state_save", function() return {type = "cancel", reason = "no"} end)
            pcall(function() agent:save_state() end)
            Hook.register("BeforeToolExecution", function() error("no") end, {name = "guard", on_error = "refuse"})
            local broken = Agent.create {name = "broken", model = "offline/echo"}
            pcall(function() broken:invoke("1 + 1") end)
            Hook.register("agent_model_request", function() return {type = "cancel", reason = "no"} end)
            pcall(function() agent:invoke("again?") end)
            """, """
            Workflow.sequential {name = "good", steps = {{name = "a", execute = function() return 1 end}}}:execute()
            Hook.register("WorkflowError", function() return {type = "retry", max_attempts = 2, delay_ms = 1} end)
            pcall(function() Workflow.sequential {name = "bad", steps = {
              {name = "b", execute = function() error("broken") end},
            }}:execute() end)
            """, """
            State.set("k", 1)
            State.delete("k")
            """, """
            local s = Session.start("named")
            Session.start()
            s:checkpoint()
            s:restore(s.checkpoints[1].checkpoint_id)
            local a = Artifact.store {name = "a", content = "1", session = s}
            Artifact.store {name = "a", content = "2", session = s}
            Artifact.store {name = "b", content = "2", session = false, parents = {a}}
            Artifact.store {name = "b", content = "3", session = false}
            for _, each in ipairs(Artifact.list()) do Artifact.get(each) Artifact.delete(each) end
            s:finish()
            """, """
            local h = Hook.register("BeforeToolExecution", function() end, {name = "calm"})
            Tool.calculator {input = "1"}
            h:unregister()
            local runs = 0
            Hook.register("AfterToolExecution", function() runs = runs + 1 if runs < 4 then error("no") end end, {name = "bad"})
            local closed = false
            Event.on("hook.breaker.closed", function() closed = true end)
            for _ = 1, 3000 do if closed then break end Tool.calculator {input = "1"} Event.run(0.01) end
            """, """
            local over = false
            Event.on("event.subscription.quarantined", function() over = true end)
            Event.on("test.bad", function() error("no") end)
            for i = 1, 15 do pcall(Event.publish, "test.bad", {n = i}) end
            local sub = Event.subscribe("test.flood", {max_queue_size = 10})
            for i = 1, 30 do Event.publish("test.flood", {n = i}) end
            Event.receive_batch(sub, {timeout_ms = 0})
            for _ = 1, 3000 do if over then break end Event.run(0.01) end
            """, "local t = {} t.x.y = 1");

    private final List<UniversalEvent> heard = new CopyOnWriteArrayList<>();

    /** Payload keys by type: those that all events of the type have, and those that some have. */
    private record Keys(Set<String> always, Set<String> sometimes) {
        static Keys of(List<UniversalEvent> events) {
            Set<String> always = null;
            Set<String> all = new TreeSet<>();
            for (UniversalEvent event : events) {
                Set<String> keys = ((JsonObject) event.payload()).keySet();
                all.addAll(keys);
                if (always == null) {
                    always = new TreeSet<>(keys);
                }
                always.retainAll(keys);
            }
            Set<String> sometimes = new TreeSet<>(all);
            sometimes.removeAll(always == null ? Set.of() : always);
            return new Keys(always == null ? Set.of() : always, sometimes);
        }

        static Keys read(String cell) {
            Set<String> always = new TreeSet<>();
            Set<String> sometimes = new TreeSet<>();
            Matcher keys = Pattern.compile("`([a-z_0-9]+)(\\??)`").matcher(cell);
            while (keys.find()) {
                (keys.group(2).isEmpty() ? always : sometimes).add(keys.group(1));
            }
            return new Keys(always, sometimes);
        }

        @Override
        public String toString() {
            return Stream.concat(
                            always.stream().map(key -> "`" + key + "`"),
                            sometimes.stream().map(key -> "`" + key + "?`"))
                    .collect(Collectors.joining(", "));
        }
    }

    private Map<String, Keys> emitted() {
        Map<String, List<UniversalEvent>> byType = new TreeMap<>();
        Set<Object> seen = new TreeSet<>();
        for (UniversalEvent event : heard) {
            if (!event.type().startsWith("test.") && seen.add(event.id())) {
                byType.computeIfAbsent(event.type(), type -> new ArrayList<>()).add(event);
            }
        }
        Map<String, Keys> keys = new TreeMap<>();
        byType.forEach((type, events) -> keys.put(type, Keys.of(events)));
        return keys;
    }

    private void drive() {
        try (Scripts scripts = Scripts.configured(CONFIG)) {
            scripts.spell
                    .events()
                    .subscribe(
                            "**",
                            SubscribeOptions.DEFAULT.onPublisherThread(),
                            (event, again) -> heard.add(event),
                            scripts.spell.caller());
            scripts.spell.configure("monitor", "interval", "20ms");
            for (String script : SCRIPTS) {
                try {
                    scripts.run(script);
                } catch (RuntimeException wanted) {
                    // scripts that fail are a part of the run
                }
            }
            workflows(scripts.spell);
            StateKey key = StateKey.of(Scope.GLOBAL, "clash");
            StateView state = scripts.spell.state().as(scripts.spell.caller());
            state.put(key, 1);
            state.apply(List.of(new StateChange.Check(key, 0), StateChange.Put.of(key, 2)));
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                remembered(scripts.spell);
                assertThat(missing()).as("listed and never emitted").isSubsetOf(LAST);
            });
        }
    }

    /** The listed types that were not emitted so far. */
    private Set<String> missing() throws IOException {
        Set<String> missing = new TreeSet<>(listed().keySet());
        missing.removeAll(emitted().keySet());
        missing.removeAll(NOT_DRIVEN);
        return missing;
    }

    /** What came before anybody could subscribe. */
    private void remembered(LlmSpell spell) {
        spell.events()
                .journal()
                .orElseThrow()
                .query(EventQuery.all())
                .map(JournaledEvent::event)
                .toStream()
                .forEach(heard::add);
    }

    private static void workflows(LlmSpell spell) {
        spell.workflows()
                .sequential(SequentialDefinition.builder("undone")
                        .step(WorkflowStep.function("a", context -> 1).compensate(context -> null))
                        .step(WorkflowStep.function("b", context -> {
                            throw new IOException("broken");
                        }))
                        .build())
                .run(null, spell.caller());
        CancellationSource stop = new CancellationSource();
        Workflow stopped = spell.workflows()
                .sequential(SequentialDefinition.builder("stopped")
                        .step(WorkflowStep.function("a", context -> {
                            stop.cancel();
                            return 1;
                        }))
                        .step(WorkflowStep.function("b", context -> 2))
                        .build());
        assertThatThrownBy(() -> stopped.run(null, spell.caller().limited(stop, Awaiter.NO_DEADLINE)))
                .isInstanceOf(CancelledException.class);
        spell.workflows().resume(stopped, spell.caller());
    }

    private static Map<String, Keys> listed() throws IOException {
        try (Stream<String> lines = Files.lines(LIST)) {
            return lines.map(ROW::matcher)
                    .filter(Matcher::matches)
                    .collect(Collectors.toMap(
                            row -> row.group(1), row -> Keys.read(row.group(2)), (one, other) -> one, TreeMap::new));
        }
    }

    @Test
    void run_everyEventItEmits_standsInTheGuideWithItsPayload() throws IOException {
        drive();
        Map<String, Keys> emitted = emitted();
        if (Boolean.getBoolean("llmspell.docs.write")) {
            String rows = emitted.entrySet().stream()
                    .map(row -> "| `" + row.getKey() + "` | " + row.getValue() + " | ? |\n")
                    .collect(Collectors.joining());
            Files.writeString(Path.of("target", "event-types.txt"), rows);
        }
        Map<String, Keys> listed = listed();

        assertThat(listed.keySet()).as("types in %s", LIST).containsAll(emitted.keySet());
        assertThat(missing()).as("listed and never emitted").isEmpty();
        emitted.forEach((type, keys) -> {
            Keys row = listed.get(type);
            Set<String> known = new TreeSet<>(row.always());
            known.addAll(row.sometimes());
            assertThat(known).as("keys of %s in %s", type, LIST).containsAll(keys.always());
            assertThat(known).as("keys of %s in %s", type, LIST).containsAll(keys.sometimes());
            assertThat(keys.always()).as("keys that every %s has", type).containsAll(row.always());
        });
    }
}
