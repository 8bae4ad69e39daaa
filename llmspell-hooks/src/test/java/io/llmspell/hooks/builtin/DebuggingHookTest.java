package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DebuggingHookTest {
    private static final String SECRET = "sk-" + "aB3_".repeat(12);

    private final BuiltinRig rig = new BuiltinRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private List<DebugTrace> traces() {
        return rig.builtins.view(DebugTraces.class).orElseThrow().traces();
    }

    private DebugTrace at(String point) {
        return traces().stream()
                .filter(trace -> trace.point().name().equals(point))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void call_default_isTracedAtEachPoint() {
        rig.enable("debugging");
        rig.taking(Duration.ofMillis(12));
        rig.call(JsonObject.of("a", 1));

        assertThat(traces())
                .extracting(trace -> trace.point().name())
                .containsExactly(
                        "AfterToolExecution", "tool_resource_released", "ToolValidation", "BeforeToolExecution");
        DebugTrace before = at("BeforeToolExecution");
        assertThat(before)
                .returns("tool/calc", DebugTrace::component)
                .returns("run-1", DebugTrace::correlationId)
                .returns("host", DebugTrace::principal)
                .returns(1, DebugTrace::attempt)
                .returns(Duration.ofMillis(12), DebugTrace::duration)
                .returns(null, DebugTrace::error)
                .returns("{\"a\":1}", DebugTrace::data);
        assertThat(before.operationId()).isEqualTo(at("AfterToolExecution").operationId());
        assertThat(before.metadata()).containsKey("debugging_hook_version");
        assertThat(before.stack()).isNotEmpty().hasSizeLessThanOrEqualTo(32);
        assertThat(before.stack()).first().asString().doesNotStartWith("io.llmspell.hooks.");
        assertThat(rig.logger.lines).isEmpty();
    }

    @Test
    void statistics_describeWhatIsKept() {
        rig.enable("debugging", "points", List.of("BeforeToolExecution", "AfterToolExecution"));
        for (int millis : new int[] {4, 1, 7}) {
            rig.taking(Duration.ofMillis(millis));
            rig.call("x");
        }

        assertThat(rig.builtins.statistics("debugging"))
                .isEqualTo(JsonObject.of(
                        "total_traces", 6,
                        "by_hook_point", JsonObject.of("BeforeToolExecution", 3, "AfterToolExecution", 3),
                        "by_component_type", JsonObject.of("tool", 6),
                        "duration_stats", JsonObject.of("mean", 4.0, "median", 4.0, "min", 1.0, "max", 7.0)));
        rig.builtins.view(DebugTraces.class).orElseThrow().clear();
        assertThat(rig.builtins.statistics("debugging"))
                .containsEntry("total_traces", 6L)
                .containsEntry("duration_stats", JsonObject.empty());
    }

    @Test
    void failure_isNamedByItsCode() {
        rig.enable("debugging");
        rig.failing();
        rig.failure("x");

        assertThat(at("BeforeToolExecution").error()).isEqualTo("invalid_argument");
        assertThat(at("ToolError").error()).isEqualTo("invalid_argument");
    }

    @Test
    void ring_full_losesTheOldest() {
        rig.enable("debugging", "max_traces", 3, "points", List.of("BeforeToolExecution"));
        for (int i = 0; i < 5; i++) {
            rig.call(i);
        }
        assertThat(traces()).extracting(DebugTrace::data).containsExactly("2", "3", "4");
        assertThat(rig.builtins.statistics("debugging")).containsEntry("total_traces", 5L);

        rig.enable("debugging", "max_traces", 2, "points", List.of("BeforeToolExecution"));
        assertThat(traces()).extracting(DebugTrace::data).containsExactly("3", "4");
    }

    @Test
    void minDuration_quickOperations_areLeftOut() {
        rig.enable("debugging", "min_duration", "10ms");
        rig.taking(Duration.ofMillis(9));
        rig.call("quick");
        assertThat(traces()).isEmpty();

        rig.taking(Duration.ofMillis(10));
        rig.call("slow");
        assertThat(traces())
                .extracting(trace -> trace.point().name())
                .containsExactly(
                        "AfterToolExecution", "tool_resource_released", "ToolValidation", "BeforeToolExecution");
    }

    @Test
    void options_off_leaveThingsOut() {
        rig.enable(
                "debugging",
                "capture_stack_traces",
                false,
                "include_context_data",
                false,
                "include_metadata",
                false,
                "log_to_console",
                true,
                "points",
                List.of("BeforeToolExecution"));
        rig.taking(Duration.ofMillis(2));
        rig.call("x");

        DebugTrace trace = at("BeforeToolExecution");
        assertThat(trace.stack()).isEmpty();
        assertThat(trace.data()).isNull();
        assertThat(trace.metadata()).isEmpty();
        assertThat(rig.logger.lines)
                .containsExactly("INFO trace BeforeToolExecution component=tool/calc operation_id="
                        + trace.operationId() + " correlation_id=run-1 principal=host attempt=1 duration_ms=2");
    }

    @Test
    void logToConsole_writesEachTrace() {
        rig.enable("debugging", "log_to_console", true, "points", List.of("ToolError"));
        rig.failing();
        rig.failure("a\nb");

        assertThat(rig.logger.lines).hasSize(1);
        assertThat(rig.logger.lines.get(0))
                .contains("error=invalid_argument data=\"a\\nb\" metadata={\"debugging_hook_version\"")
                .contains(" at=");
    }

    @Test
    void everything_thatIsKept_isRedacted() {
        rig.enable("debugging", "log_to_console", true);
        rig.hooks.registry().register(BuiltinRig.VALIDATION, "note", context -> {
            context.putMetadata("session_token", "geheim");
            context.putMetadata("note", "use " + SECRET);
            return io.llmspell.core.hook.HookResult.proceed();
        });
        Object data = JsonArray.of(JsonObject.of("deep", JsonObject.of("apiKey", "geheim")), SECRET);
        rig.call(data, BuiltinRig.caller().as(new Principal.Agent("x " + SECRET)));

        assertThat(traces())
                .hasSize(4)
                .allSatisfy(trace -> assertThat(trace.toString())
                        .doesNotContain("geheim", SECRET)
                        .contains("[REDACTED]"));
        assertThat(rig.logger.lines)
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).doesNotContain("geheim", SECRET));
    }

    @Test
    void data_huge_isCut() {
        rig.enable("debugging", "max_traces", 10);
        rig.call("x".repeat(3_000_000));

        assertThat(traces())
                .allSatisfy(trace ->
                        assertThat(trace.data()).hasSizeLessThanOrEqualTo(4_096).endsWith("…"));
    }

    @Test
    void metadata_namesTheTrace() {
        rig.enable("debugging");
        List<Map<String, String>> seen = new CopyOnWriteArrayList<>();
        rig.look(BuiltinRig.AFTER, context -> seen.add(Map.copyOf(context.metadata())));
        rig.call("x");

        assertThat(seen.get(0))
                .containsEntry("debug_traced_at", "2025-01-01T00:00:00Z")
                .containsEntry("debug_correlation_id", "run-1");
    }

    @Test
    void place_isTheVeryLast() {
        rig.builtins.enable(DebuggingConfig.builder().build());
        rig.builtins.enable(LoggingConfig.builder().build());
        List<HookInfo> hooks =
                rig.hooks.registry().list(new HookFilter(BuiltinRig.BEFORE, null, null, null, -1000, 1000, true));

        assertThat(hooks).extracting(HookInfo::name).containsExactly("logging", "debugging");
    }

    @Test
    void options_wrong_areRefused() {
        assertThatThrownBy(() -> rig.enable("debugging", "max_traces", 0)).hasMessageContaining("1 to 100000");
        assertThatThrownBy(() -> rig.enable("debugging", "min_duration", 10))
                .hasMessageContaining("a duration from 0s");
        assertThatThrownBy(() -> DebuggingConfig.builder().maxTraces(0).build()).hasMessageContaining("1 to 100000");
        assertThatThrownBy(() -> DebuggingConfig.builder()
                        .minDuration(Duration.ofNanos(-1))
                        .build())
                .hasMessageContaining("0 to one day");
        assertThat(rig.builtins.list().get(2).config())
                .isEqualTo(JsonObject.of(
                        "capture_stack_traces", true,
                        "include_context_data", true,
                        "include_metadata", true,
                        "max_traces", 1000,
                        "log_to_console", false,
                        "min_duration", "0ms"));
    }
}
