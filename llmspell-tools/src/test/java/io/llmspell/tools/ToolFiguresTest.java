package io.llmspell.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.tool.ToolException;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.Schemas;
import io.llmspell.state.States;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.testing.event.RecordingEventBus;
import io.llmspell.testing.time.ManualTime;
import io.llmspell.testing.tool.ScriptedTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ToolFiguresTest {
    private static final StateKey KEPT = StateKey.of(Scope.parse("tool:slow"), "statistics");

    private final ManualTime time = new ManualTime();
    private final Hooks hooks = Hooks.builder().time(time).build();
    private final Caller caller = Caller.host(new CorrelationId("run-1"));
    private final StorageBackend backend = MemoryStorage.create(Set.of(Space.STATE, Space.META));
    private final StateManager state = States.builder()
            .storage(backend)
            .codec(RecordCodecs.create(JsonCodec.create()))
            .gate(hooks.gate())
            .time(time)
            .build();

    @AfterEach
    void close() {
        state.close();
        backend.close();
        hooks.close();
    }

    private Tools tools(@Nullable StateManager keeper) {
        ToolsBuilder builder = Tools.builder()
                .gate(hooks.gate())
                .events(new RecordingEventBus())
                .schemas(Schemas.compiler())
                .time(time);
        Tools tools = (keeper == null ? builder : builder.statistics(keeper)).build();
        tools.registry().register(new ScriptedTool("slow", (parameters, run) -> {
            time.advance(Duration.ofMillis(20));
            if (parameters.containsKey("fail")) {
                throw new IllegalStateException("broken");
            }
            return parameters;
        }));
        return tools;
    }

    private @Nullable Object kept() {
        return state.as(caller).get(KEPT).map(value -> value.json()).orElse(null);
    }

    @Test
    void calls_areWrittenASecondLater() {
        Tools tools = tools(state);
        tools.executor().invoke("slow", JsonObject.empty(), caller);
        tools.executor().invoke("slow", JsonObject.of("fail", true), caller);
        assertThat(kept()).isNull();
        assertThat(tools.figures("slow")).isEqualTo(new ToolFigures(2, 1, Duration.ofMillis(40)));
        time.advance(Duration.ofSeconds(1));
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(kept()).isEqualTo(JsonObject.of("calls", 2, "failures", 1, "duration_us", 40_000)));
        // the writer takes its counts back after its commit
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(tools.figures("slow")).isEqualTo(new ToolFigures(2, 1, Duration.ofMillis(40))));
    }

    @Test
    void figures_goOnInTheNextProcess() {
        Tools first = tools(state);
        first.executor().invoke("slow", JsonObject.empty(), caller);
        first.close();
        first.close();
        Tools second = tools(state);
        assertThat(second.figures("slow").calls()).isEqualTo(1);
        second.executor().invoke("slow", JsonObject.empty(), caller);
        second.close();
        assertThat(tools(state).figures("slow")).isEqualTo(new ToolFigures(2, 0, Duration.ofMillis(40)));
    }

    @Test
    void refusedCall_doesNotCount() {
        Tools tools = tools(state);
        assertThatThrownBy(() -> tools.executor().invoke("calculator", JsonObject.of("inputt", "1"), caller))
                .isNotNull();
        tools.close();
        assertThat(tools.figures("calculator")).isEqualTo(ToolFigures.NONE);
    }

    @Test
    void answerOfAHook_isNoCallOfTheTool() {
        Tools tools = tools(state);
        HookHandle cache = hooks.registry()
                .register(
                        HookPoint.BEFORE_TOOL_EXECUTION,
                        "answers",
                        context -> HookResult.replace(JsonObject.of("success", true)));
        tools.executor().invoke("slow", JsonObject.empty(), caller);
        assertThat(tools.figures("slow")).isEqualTo(ToolFigures.NONE);
        cache.unregister();
        tools.executor().invoke("slow", JsonObject.empty(), caller);
        assertThat(tools.figures("slow").calls()).isEqualTo(1);
        tools.close();
    }

    @Test
    void close_leavesNoTimer() {
        Tools tools = tools(state);
        int before = time.timers();
        tools.executor().invoke("slow", JsonObject.empty(), caller);
        assertThat(time.timers()).isEqualTo(before + 1);
        tools.close();
        tools.executor().invoke("slow", JsonObject.empty(), caller);
        assertThat(time.timers()).isEqualTo(before);
        tools.close();
        assertThat(kept()).isEqualTo(JsonObject.of("calls", 2, "failures", 0, "duration_us", 40_000));
    }

    @Test
    void figures_thatCannotBeWritten_areWrittenLater() {
        Tools tools = tools(state);
        tools.executor().invoke("slow", JsonObject.empty(), caller);
        state.close();
        tools.close(); // is told to the log and harms nobody
        StateManager again = States.builder()
                .storage(backend)
                .codec(RecordCodecs.create(JsonCodec.create()))
                .gate(hooks.gate())
                .time(time)
                .build();
        assertThat(again.as(caller).get(KEPT)).isEmpty();
        again.close();
    }

    @Test
    void figures_thatSomebodyElseChanged_areAddedToThose() {
        Tools tools = tools(state);
        state.as(caller).put(KEPT, JsonObject.of("calls", 10, "failures", 2, "duration_us", 5));
        tools.executor().invoke("slow", JsonObject.empty(), caller);
        tools.close();
        assertThat(kept()).isEqualTo(JsonObject.of("calls", 11, "failures", 2, "duration_us", 20_005));
        state.as(caller).put(KEPT, "nonsense");
        tools.executor().invoke("slow", JsonObject.empty(), caller);
        tools.close();
        assertThat(kept()).isEqualTo(JsonObject.of("calls", 1, "failures", 0, "duration_us", 20_000));
    }

    @Test
    void manyThreads_loseNoCall() throws Exception {
        Tools tools = tools(state);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        tools.executor().invoke("calculator", JsonObject.of("input", "1"), caller);
                        if (i % 10 == 0) {
                            time.advance(Duration.ofMillis(300));
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
        tools.close();
        assertThat(tools(state).figures("calculator").calls()).isEqualTo(400);
    }

    @Test
    void figures_withoutState_sayWhatIsMissing() {
        Tools tools = tools(null);
        tools.executor().invoke("slow", JsonObject.empty(), caller);
        tools.close();
        assertThatThrownBy(() -> tools.figures("slow"))
                .isInstanceOf(InvalidStateException.class)
                .hasMessageContaining("statistics");
        assertThatThrownBy(() -> tools(state).figures("nothing")).isInstanceOf(ToolException.class);
    }
}
