package io.llmspell.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.TimeSource;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolLimits;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.time.ManualTime;
import io.llmspell.testing.tool.ScriptedTool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ToolLimitsTest {
    private static final List<String> POINTS = List.of(
            "ToolValidation",
            "tool_resource_allocated",
            "BeforeToolExecution",
            "AfterToolExecution",
            "tool_timeout",
            "ToolError",
            "tool_resource_released");

    private final ManualTime time = new ManualTime();
    private final Hooks hooks = Hooks.builder().time(time).build();
    private final ToolsFixture fixture = new ToolsFixture(hooks.gate(), SecurityLevel.RESTRICTED, time);
    private final List<String> seen = new ArrayList<>();

    @AfterEach
    void close() {
        hooks.close();
        assertThat(Thread.interrupted()).as("an interrupt of a limit leaked").isFalse();
        time.advance(Duration.ofSeconds(2)); // the watchdog of the hooks looks on for a while, then rests
        assertThat(time.timers()).as("timers of calls that have ended").isZero();
    }

    private void hook(String point, Hook hook) {
        hooks.registry().register(HookPoint.parse(point), "test", hook);
    }

    private void trace() {
        for (String point : POINTS) {
            hooks.registry().register(HookPoint.parse(point), "trace", context -> {
                seen.add(point);
                return HookResult.proceed();
            });
        }
    }

    private void tool(String name, ScriptedTool.Body body) {
        fixture.tools.registry().register(new ScriptedTool(name, body));
    }

    private static ErrorCode code(ToolResult result) {
        return Objects.requireNonNull(result.error()).code();
    }

    @Test
    void points_goodCall_reserveAndRelease() {
        trace();
        assertThat(fixture.call("calculator", "input", "1").success()).isTrue();
        assertThat(seen)
                .containsExactly(
                        "ToolValidation",
                        "tool_resource_allocated",
                        "BeforeToolExecution",
                        "AfterToolExecution",
                        "tool_resource_released");
    }

    @Test
    void released_withoutReservation_isNotPassed() {
        trace();
        assertThatThrownBy(() -> fixture.call("calculator", "inptu", "1")).isInstanceOf(LlmSpellException.class);
        assertThat(seen).containsExactly("ToolValidation", "ToolError");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool_resource_allocated", "BeforeToolExecution", "AfterToolExecution"})
    void released_vetoAfterTheReservation_isPassed(String point) {
        trace();
        hook(point, context -> HookResult.cancel("no"));
        assertThatThrownBy(() -> fixture.call("calculator", "input", "1")).isInstanceOf(LlmSpellException.class);
        assertThat(seen).endsWith("ToolError", "tool_resource_released").doesNotContain("tool_timeout");
    }

    @Test
    void resources_data_areTheLimitsAndWhatWasUsed() {
        hook("tool_resource_allocated", context -> {
            seen.add(String.valueOf(context.data()));
            return HookResult.proceed();
        });
        hook("tool_resource_released", context -> {
            seen.add(String.valueOf(context.data()));
            return HookResult.proceed();
        });
        tool("slow", (parameters, run) -> {
            time.advance(Duration.ofMillis(40));
            run.work(7);
            return JsonObject.of("a", 1);
        });
        assertThat(fixture.call("slow").success()).isTrue();
        assertThat(seen)
                .containsExactly(
                        "{limits={time_ms=30000, output_bytes=10485760, operations=1000000}}",
                        "{used={time_ms=40, output_bytes=7, operations=7}}");
    }

    @Test
    void limits_ofHook_areLoweredForTheTool() {
        hook("tool_resource_allocated", context -> HookResult.modified(JsonObject.of("time_ms", 20, "operations", 3)));
        tool(
                "asks",
                (parameters, run) -> JsonObject.of(
                        "time", run.limits().time().toMillis(),
                        "operations", run.limits().operations(),
                        "bytes", run.limits().outputBytes()));
        assertThat(fixture.call("asks").result())
                .isEqualTo(JsonObject.of("time", 20, "operations", 3, "bytes", 10L << 20));
    }

    @Test
    void limits_raisedByHook_stayAsTheyAre() {
        hook(
                "tool_resource_allocated",
                context -> HookResult.modified(JsonObject.of("limits", JsonObject.of("time_ms", 31_000))));
        tool(
                "asks",
                (parameters, run) -> JsonObject.of("time", run.limits().time().toMillis()));
        assertThat(fixture.call("asks").result()).isEqualTo(JsonObject.of("time", 30_000));
    }

    @Test
    void time_passed_endsTheCallByTokenAndInterrupt() throws Exception {
        trace();
        CountDownLatch begun = new CountDownLatch(1);
        boolean[] cancelled = new boolean[1];
        tool("stuck", (parameters, run) -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException interrupted) {
                cancelled[0] = run.caller().token().isCancelled();
                throw interrupted;
            }
            return JsonObject.empty();
        });
        Thread clock = new Thread(() -> {
            awaited(begun);
            time.advance(Duration.ofSeconds(30));
        });
        clock.start();

        ToolResult result = fixture.call("stuck");
        clock.join();

        assertThat(code(result)).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(result.error()).hasMessageContaining("stuck").hasMessageContaining("30000 ms");
        assertThat(cancelled[0]).isTrue();
        assertThat(seen).endsWith("BeforeToolExecution", "tool_timeout", "ToolError", "tool_resource_released");
        assertThat(fixture.bus.types()).containsExactly("tool.started", "resource.limit.exceeded", "tool.timeout");
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void time_passedUnnoticed_isTheEndAllTheSame() {
        tool("deaf", (parameters, run) -> {
            time.advance(Duration.ofSeconds(31));
            Thread.interrupted();
            return JsonObject.of("late", true);
        });
        assertThat(code(fixture.call("deaf"))).isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void time_passedBeforeTheTimerComes_isTheSameEnd() {
        ToolsFixture untimed = new ToolsFixture(hooks.gate(), SecurityLevel.RESTRICTED, new LateTimers(time));
        untimed.tools.registry().register(new ScriptedTool("cut", (parameters, run) -> {
            time.advance(Duration.ofSeconds(30));
            throw ToolException.failed("it kept the time itself", "external");
        }));

        ToolResult result = untimed.call("cut");

        assertThat(code(result)).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(untimed.bus.types()).containsExactly("tool.started", "resource.limit.exceeded", "tool.timeout");
    }

    /** A clock whose timers come too late to be seen. */
    private record LateTimers(ManualTime clock) implements TimeSource {
        @Override
        public long nanos() {
            return clock.nanos();
        }

        @Override
        public Instant now() {
            return clock.now();
        }

        @Override
        public Handle schedule(Duration delay, Runnable task) {
            return () -> {};
        }
    }

    @Test
    void time_ofTheCaller_countsIfItIsShorter() {
        tool("slow", (parameters, run) -> {
            time.advance(Duration.ofMillis(10));
            return JsonObject.empty();
        });
        Caller hurried = fixture.caller.limited(fixture.caller.token(), time.nanos() + 5_000_000);
        ToolResult result = fixture.tools.executor().invoke("slow", JsonObject.empty(), hurried);
        assertThat(code(result)).isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void timeout_answeredByHook_isRescuedBeforeToolError() {
        trace();
        hook("tool_timeout", context -> HookResult.replace(JsonObject.of("stale", true)));
        tool("slow", (parameters, run) -> {
            time.advance(Duration.ofMinutes(1));
            return JsonObject.empty();
        });
        assertThat(fixture.call("slow").result()).isEqualTo(JsonObject.of("stale", true));
        assertThat(seen).doesNotContain("ToolError").endsWith("tool_resource_released");
        assertThat(fixture.bus.types()).endsWith("tool.completed");
    }

    @Test
    void cancellation_byTheCaller_isNoResultOfTheTool() {
        trace();
        CancellationSource source = new CancellationSource();
        tool("stopped", (parameters, run) -> {
            source.cancel();
            run.caller().token().throwIfCancelled("the tool");
            return JsonObject.empty();
        });
        Caller caller = fixture.caller.limited(source, fixture.caller.deadlineNanos());
        assertThatThrownBy(() -> fixture.tools.executor().invoke("stopped", JsonObject.empty(), caller))
                .isInstanceOf(CancelledException.class);
        assertThat(seen).endsWith("tool_resource_released");
        assertThat(fixture.bus.types()).containsExactly("tool.started", "tool.failed");
    }

    @Test
    void output_tooLarge_isFailedToolAndNotice() {
        hook("tool_resource_allocated", context -> HookResult.modified(JsonObject.of("output_bytes", 20)));
        hook("ResourceLimitExceeded", context -> {
            seen.add(context.component() + " " + context.data());
            return HookResult.proceed();
        });
        tool("chatty", (parameters, run) -> JsonObject.of("text", "x".repeat(100)));
        ToolResult result = fixture.call("chatty");
        assertThat(code(result)).isEqualTo(ErrorCode.VALUE_TOO_LARGE);
        assertThat(seen).containsExactly("tool/chatty {resource=output_bytes, limit=20, used=111}");
    }

    @Test
    void work_beyondTheLimit_isRefused() {
        fixture.tools.registry().register(new Counting());
        ToolResult result = fixture.call("counting");
        assertThat(code(result)).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
        assertThat(result.error()).hasMessageContaining("11 operations").hasMessageContaining("10");
    }

    @Test
    void calculator_tooManyOperations_isRefusedBeforeItBegins() {
        hook("tool_resource_allocated", context -> HookResult.modified(JsonObject.of("operations", 4)));
        assertThat(fixture.call("calculator", "input", "1+2").success()).isTrue();
        assertThat(code(fixture.call("calculator", "input", "1+2+3"))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    }

    @Test
    void level_refused_isViolation() {
        hook("SecurityViolation", context -> {
            seen.add(context.component() + " " + context.data());
            return HookResult.proceed();
        });
        fixture.tools
                .registry()
                .register(new ScriptedTool(
                        "root",
                        SecurityLevel.PRIVILEGED,
                        JsonObject.of("type", "object"),
                        (parameters, run) -> parameters));
        assertThatThrownBy(() -> fixture.call("root")).isInstanceOf(LlmSpellException.class);
        assertThat(seen)
                .containsExactly("tool/root {rule=tool_level, event_kind=permission_denied, severity=medium,"
                        + " principal=host, target=root, blocked=true}");
    }

    @Test
    void errorStage_ofEachKind_isTold() {
        hook("ToolError", context -> {
            seen.add(String.valueOf(context.operation().errorStage()));
            return HookResult.proceed();
        });
        assertThatThrownBy(() -> fixture.call("calculator", "inptu", "1")).isInstanceOf(LlmSpellException.class);
        fixture.call("calculator", "input", "1/0");
        assertThat(seen).containsExactly("validation", "execution");
    }

    @Test
    void forks_ofTheCall_areInTheMetadataOfTheEnvelope() {
        ToolCallView view = new ToolCallView(SecurityLevel.SAFE);
        JsonObject forks = JsonObject.of("fork-1", JsonObject.of("x", 1));
        ToolOutput output = view.forked(ToolOutput.of(JsonObject.of("a", 1)), forks);
        ToolResult result = new ToolResult("t", "c", output.result(), null, Duration.ZERO, output.forks(), false);
        assertThat(ToolResults.envelope(result).get("metadata"))
                .isInstanceOfSatisfying(
                        JsonObject.class, metadata -> assertThat(metadata).containsEntry("forks", forks));
    }

    /** Counts more than it may. */
    private static final class Counting implements io.llmspell.core.tool.Tool {
        private final ScriptedTool inner = new ScriptedTool("counting", (parameters, run) -> {
            for (int i = 0; i < 12; i++) {
                run.work(1);
            }
            return parameters;
        });

        @Override
        public io.llmspell.core.tool.ToolInfo info() {
            return inner.info();
        }

        @Override
        public ToolLimits limits(ToolLimits usual) {
            return usual.withOperations(10);
        }

        @Override
        public JsonObject execute(JsonObject parameters, ToolRun run) throws Exception {
            return inner.execute(parameters, run);
        }
    }
}
