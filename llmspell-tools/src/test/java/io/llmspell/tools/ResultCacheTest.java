package io.llmspell.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.Schemas;
import io.llmspell.state.States;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.testing.event.RecordingEventBus;
import io.llmspell.testing.time.ManualTime;
import io.llmspell.testing.tool.ScriptedTool;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ResultCacheTest {
    private final ManualTime time = new ManualTime();
    private final Hooks hooks = Hooks.builder().time(time).build();
    private final Caller caller = Caller.host(new CorrelationId("run-1"));
    private final Caller agent = Caller.of(new Principal.Agent("other"), Language.JAVA, new CorrelationId("run-2"));
    private final StorageBackend backend = MemoryStorage.create(Set.of(Space.STATE, Space.META));
    private final StateManager state = States.builder()
            .storage(backend)
            .codec(RecordCodecs.create(JsonCodec.create()))
            .gate(hooks.gate())
            .time(time)
            .build();
    private final RecordingEventBus events = new RecordingEventBus();
    private final AtomicInteger runs = new AtomicInteger();
    private Handle registered = Handle.noop();

    @AfterEach
    void close() {
        state.close();
        backend.close();
        hooks.close();
    }

    private Tools tools(Map<String, Object> section) {
        Tools tools = Tools.builder()
                .gate(hooks.gate())
                .events(events)
                .schemas(Schemas.compiler())
                .time(time)
                .statistics(state)
                .settings(ToolSettings.from(ConfigSection.of("tools", Map.copyOf(section))))
                .build();
        registered = tools.registry().register(counting());
        return tools;
    }

    private ScriptedTool counting() {
        return new ScriptedTool("slow", (parameters, run) -> {
            if (parameters.containsKey("fail")) {
                runs.incrementAndGet();
                throw new IllegalStateException("broken");
            }
            return JsonObject.of("run", runs.incrementAndGet());
        });
    }

    private static ToolResult call(Tools tools, Caller by, JsonObject parameters) {
        return tools.executor().invoke("slow", parameters, by);
    }

    @Test
    void call_again_givesWhatTheFirstGave() {
        Tools tools = tools(Map.of("cache", true));
        ToolResult first = call(tools, caller, JsonObject.of("a", 1L, "b", 2L));

        ToolResult again = call(tools, caller, JsonObject.of("b", 2L, "a", 1L));

        assertThat(first.cached()).isFalse();
        assertThat(again.cached()).isTrue();
        assertThat(again.result()).isEqualTo(first.result());
        assertThat(runs).hasValue(1);
        assertThat(tools.figures("slow").calls()).isOne();
        assertThat(ToolResults.envelope(again).get("metadata"))
                .hasToString(String.valueOf(
                        JsonObject.of("tool", "slow", "call_id", again.callId(), "duration_ms", 0L, "cached", true)));
    }

    @Test
    void call_otherParametersOrAnotherPrincipal_runs() {
        Tools tools = tools(Map.of("cache", true));
        call(tools, caller, JsonObject.of("a", 1L));

        assertThat(call(tools, caller, JsonObject.of("a", 2L)).cached()).isFalse();
        assertThat(call(tools, agent, JsonObject.of("a", 1L)).cached()).isFalse();
        assertThat(runs).hasValue(3);
    }

    @Test
    void call_whenTheTimeIsOver_runs() {
        Tools tools = tools(Map.of("cache", true, "cache_ttl", "10s"));
        call(tools, caller, JsonObject.empty());
        time.advance(Duration.ofSeconds(9));
        assertThat(call(tools, caller, JsonObject.empty()).cached()).isTrue();
        time.advance(Duration.ofSeconds(2));

        assertThat(call(tools, caller, JsonObject.empty()).cached()).isFalse();
    }

    @Test
    void call_thatFailed_runsAgain() {
        Tools tools = tools(Map.of("cache", true));
        call(tools, caller, JsonObject.of("fail", true));
        call(tools, caller, JsonObject.of("fail", true));

        assertThat(runs).hasValue(2);
    }

    @Test
    void call_toolRegisteredAnew_runs() {
        Tools tools = tools(Map.of("cache", true));
        call(tools, caller, JsonObject.empty());
        registered.close();
        tools.registry().register(counting());

        assertThat(call(tools, caller, JsonObject.empty()).cached()).isFalse();
    }

    @Test
    void cache_byName_winsOverTheRest() {
        Tools off = tools(Map.of("cache", true, "slow", Map.of("cache", false)));
        call(off, caller, JsonObject.empty());
        assertThat(call(off, caller, JsonObject.empty()).cached()).isFalse();

        Tools on = tools(Map.of("slow", Map.of("cache", true)));
        call(on, caller, JsonObject.empty());
        assertThat(call(on, caller, JsonObject.empty()).cached()).isTrue();
    }

    @Test
    void call_again_stillPassesItsHooks() {
        Tools tools = tools(Map.of("cache", true));
        call(tools, caller, JsonObject.empty());
        hooks.registry()
                .register(HookPoint.AFTER_TOOL_EXECUTION, "after", context -> HookResult.replace(Map.of("run", 7L)));

        assertThat(call(tools, caller, JsonObject.empty()).result()).containsEntry("run", 7L);
        assertThat(call(tools, caller, JsonObject.empty()).result()).containsEntry("run", 7L);
        assertThat(runs).hasValue(1);
    }
}
