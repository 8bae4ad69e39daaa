package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.Patience;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a runtime tells of itself, and what can be changed while it runs. */
final class RuntimeWatchTest {
    private final LlmSpell spell = LlmSpell.builder().config(Patience.CONFIG).build();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<UniversalEvent> events = new CopyOnWriteArrayList<>();

    RuntimeWatchTest() {
        spell.events()
                .subscribe(
                        "**",
                        SubscribeOptions.DEFAULT.onPublisherThread(),
                        (event, again) -> events.add(event),
                        spell.caller());
    }

    @AfterEach
    void close() {
        spell.close();
    }

    private List<String> types() {
        return events.stream().map(UniversalEvent::type).toList();
    }

    private JsonObject payload(String type) {
        return (JsonObject) Objects.requireNonNull(events.stream()
                .filter(event -> event.type().equals(type))
                .findFirst()
                .orElseThrow()
                .payload());
    }

    private void note() {
        spell.hooks().register(HookPoint.CONFIGURATION_CHANGE, "a notes", context -> {
            seen.add(context.component() + " " + context.data());
            return HookResult.proceed();
        });
    }

    @Test
    void configure_passesItsPointAndTells() {
        note();
        spell.configure("monitor", "memory_high", 0.5);
        spell.configure("monitor", "interval", "5s");
        assertThat(seen)
                .containsExactly(
                        "system/runtime {section=monitor, key=memory_high, old_value=0.85, new_value=0.5, source=java}",
                        "system/runtime {section=monitor, key=interval, old_value=10000ms, new_value=5s, source=java}");
        assertThat(payload("config.changed")).isEqualTo(JsonObject.of("section", "monitor", "key", "memory_high"));
    }

    @Test
    void configure_valueOfHook_acts() {
        note();
        spell.hooks()
                .register(
                        HookPoint.CONFIGURATION_CHANGE,
                        "b changes",
                        context -> HookResult.modified(JsonObject.of("new_value", 0.6)));
        spell.configure("monitor", "memory_high", 0.5);
        spell.configure("monitor", "memory_high", 0.7);
        assertThat(seen.get(1)).contains("old_value=0.6");
    }

    @Test
    void configure_badValueOfHook_keepsTheOldOne() {
        note();
        spell.hooks()
                .register(
                        HookPoint.CONFIGURATION_CHANGE,
                        "b changes",
                        context -> HookResult.modified(JsonObject.of("new_value", 60)));
        spell.configure("monitor", "memory_high", 0.5);
        spell.configure("monitor", "memory_high", 0.7);
        assertThat(seen.get(1)).contains("old_value=0.5");
    }

    @Test
    void configure_vetoed_changesNothing() {
        note();
        Handle veto =
                spell.hooks().register(HookPoint.CONFIGURATION_CHANGE, "b", context -> HookResult.cancel("frozen"));
        assertThatThrownBy(() -> spell.configure("monitor", "memory_high", 0.5))
                .isInstanceOf(OperationCancelledException.class);
        veto.close();
        spell.configure("monitor", "memory_high", 0.7);
        assertThat(seen.get(1)).contains("old_value=0.85");
        assertThat(types()).containsOnlyOnce("config.changed");
    }

    @Test
    void configure_badInput_namesWhatWouldBeRight() {
        assertThatThrownBy(() -> spell.configure("monitr", "memory_high", 0.5))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("monitor");
        assertThatThrownBy(() -> spell.configure("monitor", "memory_hihg", 0.5))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("memory_high");
        assertThatThrownBy(() -> spell.configure("monitor", "memory_high", "much"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("memory_high");
        assertThatThrownBy(() -> spell.configure("monitor", "interval", "5 parsecs"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("interval");
    }

    @Test
    void hooks_registeredAndGone_areEvents() {
        Handle hook = spell.hooks().register(HookPoint.TOOL_ERROR, "mine", context -> HookResult.proceed());
        hook.close();
        assertThat(types()).containsExactly("hook.registered", "hook.unregistered");
        assertThat(payload("hook.registered"))
                .isEqualTo(JsonObject.of("hook", "mine", "point", "ToolError", "language", "java", "priority", 0));
    }

    @Test
    void hooks_failing_openTheirBreakerWithAnEvent() {
        spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "bad", context -> {
            throw new IllegalStateException("no");
        });
        for (int i = 0; i < 3; i++) {
            spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1"), spell.caller());
        }
        assertThat(payload("hook.breaker.opened"))
                .containsEntry("hook", "bad")
                .containsEntry("point", "BeforeToolExecution")
                .containsEntry("reason", "failures")
                .containsKey("open_ms");
    }

    @Test
    void guards_failingAtNotice_areViolations() {
        spell.hooks()
                .register(
                        HookPoint.RESOURCE_LIMIT_EXCEEDED,
                        HookOptions.builder("guard")
                                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                                .build(),
                        context -> {
                            throw new IllegalStateException("no");
                        });
        spell.hooks().register(HookPoint.SECURITY_VIOLATION, "sees", context -> {
            seen.add(String.valueOf(context.data()));
            return HookResult.proceed();
        });
        spell.hooks()
                .register(
                        HookPoint.parse("tool_resource_allocated"),
                        "lowers",
                        context -> HookResult.modified(JsonObject.of("operations", 1)));
        Caller caller = spell.caller();
        spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1+1"), caller);
        assertThat(events)
                .filteredOn(event -> event.type().equals("security.violation"))
                .singleElement()
                .satisfies(event -> assertThat(event.correlation()).isEqualTo(caller.correlation()));
        assertThat(seen)
                .singleElement()
                .asString()
                .contains("rule=guard_failed")
                .contains("severity=high");
    }

    @Test
    void contextState_readByHook_setsOffNoObserver() {
        StateKey key = StateKey.of(Scope.GLOBAL, "k");
        spell.state().as(spell.caller()).put(key, 1);
        spell.hooks().register(HookPoint.BEFORE_STATE_READ, "observer", context -> {
            seen.add("read");
            return HookResult.proceed();
        });
        spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "reads", context -> {
            seen.add(String.valueOf(context.state().get(key).map(StateValue::json)));
            return HookResult.proceed();
        });
        spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1"), spell.caller());
        assertThat(seen).containsExactly("Optional[1]");
    }
}
