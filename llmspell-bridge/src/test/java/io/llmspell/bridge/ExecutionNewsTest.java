package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.LlmSpell;
import io.llmspell.LlmSpellBuilder;
import io.llmspell.Patience;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Executions of hooks as events, for those who ask for them. */
final class ExecutionNewsTest {
    private final List<UniversalEvent> events = new CopyOnWriteArrayList<>();

    private LlmSpell open(LlmSpellBuilder builder) {
        LlmSpell spell = builder.build();
        for (String pattern : List.of("hook.execution.*", "hook.chain.*")) {
            spell.events()
                    .subscribe(
                            pattern,
                            SubscribeOptions.DEFAULT.onPublisherThread(),
                            (event, again) -> events.add(event),
                            spell.caller());
        }
        return spell;
    }

    private static void calculate(LlmSpell spell, Caller caller) {
        try {
            spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1 + 1"), caller);
        } catch (LlmSpellException refused) {
            // the events tell
        }
    }

    private static LlmSpellBuilder configured(boolean told) {
        return LlmSpell.builder()
                .config(ConfigSection.of(
                        "", Map.of("hooks", Map.of("execution_events", told, "deadline", Patience.LONG))));
    }

    @Test
    void executions_wanted_areToldWithTheRunOfTheOperation() {
        try (LlmSpell spell = open(configured(true))) {
            HookOptions first = HookOptions.builder("first").priority(-5).build();
            spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, first, context -> HookResult.proceed());
            spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "second", context -> {
                throw new UnsupportedOperationException("planted");
            });
            Caller caller = spell.caller();
            calculate(spell, caller);

            assertThat(events)
                    .extracting(UniversalEvent::type)
                    .containsExactly(
                            "hook.chain.started",
                            "hook.execution.started",
                            "hook.execution.completed",
                            "hook.execution.started",
                            "hook.execution.failed",
                            "hook.chain.completed");
            assertThat(events).allMatch(event -> event.correlation().equals(caller.correlation()));
            assertThat(String.valueOf(events.get(0).payload()))
                    .isEqualTo("{point=BeforeToolExecution, component=tool/calculator, hook_count=2}");
            assertThat(String.valueOf(events.get(1).payload()))
                    .isEqualTo("{hook=first, point=BeforeToolExecution, component=tool/calculator}");
            assertThat(String.valueOf(events.get(2).payload())).contains("result=continue", "duration_ms=");
            assertThat(String.valueOf(events.get(4).payload())).contains("error={code=internal, message=");
            assertThat(String.valueOf(events.get(5).payload())).endsWith("hook_count=2, results_count=1}");
        }
    }

    @Test
    void executions_notWanted_areNotTold() {
        try (LlmSpell spell = open(LlmSpell.builder().config(Patience.CONFIG))) {
            spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "any", context -> HookResult.proceed());
            calculate(spell, spell.caller());
        }
        assertThat(events).isEmpty();
    }

    @Test
    void builder_winsOverTheConfiguration() {
        try (LlmSpell spell = open(configured(true).hookExecutionEvents(false))) {
            spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "any", context -> HookResult.proceed());
            calculate(spell, spell.caller());
            assertThat(events).isEmpty();
        }
        try (LlmSpell spell = open(LlmSpell.builder().config(Patience.CONFIG).hookExecutionEvents(true))) {
            spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "any", context -> HookResult.proceed());
            calculate(spell, spell.caller());
            assertThat(events).hasSize(4);
        }
    }

    @Test
    void hooksOfEvents_areNotToldSoThatItEnds() {
        try (LlmSpell spell = open(LlmSpell.builder().config(Patience.CONFIG).hookExecutionEvents(true))) {
            for (HookPoint point :
                    List.of(HookPoint.BEFORE_EVENT_EMIT, HookPoint.AFTER_EVENT_EMIT, HookPoint.EVENT_HANDLER_ERROR)) {
                spell.hooks().register(point, "any", context -> HookResult.proceed());
            }
            spell.events()
                    .subscribe(
                            "**",
                            SubscribeOptions.DEFAULT.onPublisherThread(),
                            (event, again) -> {
                                throw new UnsupportedOperationException("planted");
                            },
                            spell.caller());
            Component source = Component.named(ComponentType.SYSTEM, "test");
            spell.events().publish(EventDraft.of("user.thing", null, source), spell.caller());
            spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "any", context -> HookResult.proceed());
            events.clear();
            calculate(spell, spell.caller());

            assertThat(events)
                    .extracting(UniversalEvent::type)
                    .containsExactly(
                            "hook.chain.started",
                            "hook.execution.started",
                            "hook.execution.completed",
                            "hook.chain.completed");
        }
    }
}
