package io.llmspell.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolLimits;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.state.Schemas;
import io.llmspell.testing.event.RecordingEventBus;
import io.llmspell.testing.gate.PassThroughGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many calls run at once. */
@Timeout(60)
class ToolConcurrencyTest {
    private final SystemTimeSource time = new SystemTimeSource();
    private final Caller caller = Caller.host(new CorrelationId("run-1"));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch free = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @AfterEach
    void close() {
        free.countDown();
        threads.shutdownNow();
        time.close();
    }

    private Tools tools(int places, Duration longest) {
        Tools tools = Tools.builder()
                .gate(new PassThroughGate())
                .events(new RecordingEventBus())
                .schemas(Schemas.compiler())
                .time(time)
                .settings(ToolSettings.from(ConfigSection.of("tools", Map.of("max_concurrent", (long) places))))
                .limits(ToolLimits.DEFAULT.withTime(longest))
                .build();
        tools.registry().register(tool("slow", run -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            boolean over = free.await(30, TimeUnit.SECONDS);
            running.decrementAndGet();
            return JsonObject.of("over", over);
        }));
        tools.registry().register(tool("quick", run -> JsonObject.of("ok", true)));
        tools.registry().register(tool("nested", run -> {
            ToolResult inner = tools.executor().invoke("quick", JsonObject.empty(), run.caller());
            return JsonObject.of("inner", inner.result());
        }));
        return tools;
    }

    private interface Work {
        JsonObject run(Tool.ToolRun run) throws Exception;
    }

    private static ToolInfo info(String name) {
        return new ToolInfo(name, "1.0.0", "utility", "for tests", JsonObject.of("type", "object"), SecurityLevel.SAFE);
    }

    private static Tool tool(String name, Work work) {
        return new Tool() {
            @Override
            public ToolInfo info() {
                return ToolConcurrencyTest.info(name);
            }

            @Override
            public JsonObject execute(JsonObject parameters, ToolRun run) throws Exception {
                return work.run(run);
            }
        };
    }

    private List<Future<ToolResult>> slow(Tools tools, int calls) {
        List<Future<ToolResult>> all = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            all.add(threads.submit(() -> tools.executor().invoke("slow", JsonObject.empty(), caller)));
        }
        return all;
    }

    @Test
    void calls_moreThanThereArePlaces_waitTheirTurn() throws Exception {
        Tools tools = tools(2, Duration.ofSeconds(30));
        List<Future<ToolResult>> calls = slow(tools, 6);
        await().atMost(Duration.ofSeconds(30)).until(() -> running.get() == 2);
        free.countDown();
        for (Future<ToolResult> each : calls) {
            assertThat(each.get(30, TimeUnit.SECONDS).success()).isTrue();
        }

        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void call_thatFindsNoPlaceInItsTime_isRefused() {
        Tools holding = tools(1, Duration.ofMillis(50));
        Tool patient = new Tool() {
            @Override
            public ToolInfo info() {
                return ToolConcurrencyTest.info("holder");
            }

            @Override
            public ToolLimits limits(ToolLimits usual) {
                return usual.withTime(Duration.ofSeconds(60));
            }

            @Override
            public JsonObject execute(JsonObject parameters, ToolRun run) throws Exception {
                running.incrementAndGet();
                return JsonObject.of("over", free.await(30, TimeUnit.SECONDS));
            }
        };
        holding.registry().register(patient);
        threads.submit(() -> holding.executor().invoke("holder", JsonObject.empty(), caller));
        await().atMost(Duration.ofSeconds(30)).until(() -> running.get() == 1);

        assertThatThrownBy(() -> holding.executor().invoke("quick", JsonObject.empty(), caller))
                .isInstanceOf(LimitException.class)
                .hasMessageContaining("tools.max_concurrent")
                .hasMessageContaining("tool \"quick\" is not called");
        free.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            try {
                return holding.executor()
                        .invoke("quick", JsonObject.empty(), caller)
                        .success();
            } catch (LimitException stillHeld) {
                return false;
            }
        });
    }

    @Test
    void call_withinACall_needsNoPlace() {
        Tools tools = tools(1, Duration.ofSeconds(30));

        ToolResult outer = tools.executor().invoke("nested", JsonObject.empty(), caller);

        assertThat(outer.result().get("inner")).isEqualTo(JsonObject.of("ok", true));
    }

    @Test
    void caller_thatStopsWhileItWaits_leavesItsTurnToOthers() throws Exception {
        Tools tools = tools(1, Duration.ofSeconds(30));
        List<Future<ToolResult>> held = slow(tools, 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> running.get() == 1);
        CancellationSource stop = new CancellationSource();
        Future<ToolResult> waits = threads.submit(() ->
                tools.executor().invoke("quick", JsonObject.empty(), caller.limited(stop, caller.deadlineNanos())));
        stop.cancel();

        assertThatThrownBy(() -> waits.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(CancelledException.class);
        free.countDown();
        assertThat(held.get(0).get(30, TimeUnit.SECONDS).success()).isTrue();
        assertThat(tools.executor().invoke("quick", JsonObject.empty(), caller).success())
                .isTrue();
    }
}
