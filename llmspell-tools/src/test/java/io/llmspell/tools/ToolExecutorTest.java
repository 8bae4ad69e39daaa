package io.llmspell.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.testing.event.RecordingEventBus.Published;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.tool.ScriptedTool;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;

final class ToolExecutorTest {
    private static final JsonObject ANY = JsonObject.of("type", "object", "additionalProperties", true);

    private final ToolsFixture fixture = new ToolsFixture();

    private void register(String name, ScriptedTool.Body body) {
        fixture.tools.registry().register(new ScriptedTool(name, body));
    }

    private static LlmSpellException refusal(Executable call) {
        return assertThrows(LlmSpellException.class, call);
    }

    private JsonObject payload(int index) {
        Published event = fixture.bus.published().get(index);
        return (JsonObject) Objects.requireNonNull(event.draft().payload());
    }

    @Test
    void invoke_goodCall_reportsStartAndEnd() {
        ToolResult result = fixture.call("calculator", "input", "1+1");
        assertThat(fixture.bus.types()).containsExactly("tool.started", "tool.completed");
        assertThat(payload(0))
                .containsEntry("tool_name", "calculator")
                .containsEntry("category", "utility")
                .containsEntry("security_level", "safe")
                .containsEntry("call_id", result.callId())
                .containsEntry("caller", "host");
        assertThat(payload(1)).containsEntry("cached", false).containsKey("duration_ms");
        Published end = fixture.bus.published().get(1);
        assertThat(end.draft().source().name()).isEqualTo("calculator");
        assertThat(end.caller().correlation()).isEqualTo(fixture.caller.correlation());
    }

    @Test
    void invoke_dashForUnderscore_findsTool() {
        assertThat(fixture.call("Text-Manipulator", "input", "a", "operation", "uppercase")
                        .success())
                .isTrue();
    }

    @Test
    void invoke_unknownTool_namesNearest() {
        LlmSpellException error = refusal(() -> fixture.call("calculater"));
        assertThat(error.code()).isEqualTo(ErrorCode.TOOL_NOT_FOUND);
        assertThat(error.getMessage()).contains("calculater").contains("did you mean \"calculator\"?");
        assertThat(error.details()).containsEntry("nearest", List.of("calculator"));
        assertThat(fixture.bus.types()).isEmpty();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new IOException("disk"), "tool_failed", "io"),
                Arguments.of(new NoSuchFileException("x"), "tool_failed", "not_found"),
                Arguments.of(new ArithmeticException("odd"), "tool_failed", "external"),
                Arguments.of(new UnsupportedOperationException("no"), "tool_failed", "unsupported"),
                Arguments.of(ToolException.failed("bad text", "parse"), "tool_failed", "parse"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void invoke_failingTool_isResultWithError(Exception failure, String code, String kind) {
        register("broken", (parameters, run) -> {
            throw failure;
        });
        ToolResult result = fixture.call("broken");
        LlmSpellException error = Objects.requireNonNull(result.error());
        assertThat(result.success()).isFalse();
        assertThat(error.code().id()).isEqualTo(code);
        assertThat(error.details()).containsEntry("kind", kind);
        assertThat(fixture.bus.types()).containsExactly("tool.started", "tool.failed");
        assertThat(payload(1).get("error"))
                .isInstanceOfSatisfying(
                        JsonObject.class, seen -> assertThat(seen).containsEntry("code", code));
    }

    @Test
    void invoke_recursionWithoutEnd_isResultWithError() {
        register("deep", (parameters, run) -> JsonObject.of("n", depth(0)));
        assertThat(Objects.requireNonNull(fixture.call("deep").error()).code()).isEqualTo(ErrorCode.TOOL_FAILED);
    }

    private static int depth(int n) {
        return n < 0 ? 0 : depth(n + 1) + 1;
    }

    @Test
    void invoke_codedFailure_keepsItsCode() {
        register("denied", (parameters, run) -> {
            throw new ToolException(ErrorCode.PATH_DENIED, "outside", java.util.Map.of(), null);
        });
        assertThat(Objects.requireNonNull(fixture.call("denied").error()).code())
                .isEqualTo(ErrorCode.PATH_DENIED);
    }

    @Test
    void invoke_secretInException_isMaskedEverywhere() {
        String secret = "AKIA" + "ABCDEFGHIJKLMNOP";
        register("leaky", (parameters, run) -> {
            throw new IOException("refused for " + secret);
        });
        LlmSpellException error = Objects.requireNonNull(fixture.call("leaky").error());
        assertThat(error.getMessage()).contains("[REDACTED]").doesNotContain(secret);
        assertThat(payload(1).toString()).doesNotContain(secret);
    }

    @Test
    void invoke_toolOfHigherLevel_isRefused() {
        boolean[] ran = new boolean[1];
        fixture.tools.registry().register(new ScriptedTool("root", SecurityLevel.PRIVILEGED, ANY, (parameters, run) -> {
            ran[0] = true;
            return JsonObject.empty();
        }));
        LlmSpellException error = refusal(() -> fixture.call("root"));
        assertThat(error.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
        assertThat(error.getMessage()).contains("root").contains("privileged").contains("restricted");
        assertThat(ran[0]).isFalse();
        assertThat(fixture.bus.types()).containsExactly("tool.started", "security.violation", "tool.failed");
    }

    @Test
    void invoke_levelReached_runs() {
        ToolsFixture privileged = new ToolsFixture(new PassThroughGate(), SecurityLevel.PRIVILEGED);
        privileged.tools.registry().register(new ScriptedTool("root", SecurityLevel.PRIVILEGED, ANY, (p, run) -> p));
        assertThat(privileged.call("root").success()).isTrue();
    }

    @Test
    void invoke_resultTooLarge_isFailedTool() {
        String large = "x".repeat(6 << 20);
        register(
                "large",
                (parameters, run) ->
                        JsonValues.object(java.util.Map.of("a", large, "b", large), new JsonLimits(64, 100, 1L << 30)));
        assertThat(Objects.requireNonNull(fixture.call("large").error()).code()).isEqualTo(ErrorCode.VALUE_TOO_LARGE);
    }

    @Test
    void invoke_cancelledToken_doesNotRun() {
        CancellationSource stop = new CancellationSource();
        stop.cancel();
        Caller stopped = fixture.caller.limited(stop, fixture.caller.deadlineNanos());
        assertThatThrownBy(() -> fixture.tools.executor().invoke("calculator", JsonObject.of("input", "1"), stopped))
                .isInstanceOf(CancelledException.class);
        assertThat(fixture.bus.types()).containsExactly("tool.started", "tool.failed");
    }

    @Test
    void invoke_insideTool_callerIsWithinOperation() {
        AtomicReference<@Nullable Caller> inside = new AtomicReference<>();
        register("outer", (parameters, run) -> {
            inside.set(run.caller());
            return JsonObject.empty();
        });
        fixture.call("outer");
        Caller seen = Objects.requireNonNull(inside.get());
        assertThat(seen.parentOperation()).isNotNull();
        assertThat(seen.correlation()).isEqualTo(fixture.caller.correlation());
    }

    @Test
    void invokeAsync_goodAndBadCall_givesResultOrError() {
        StepVerifier.create(fixture.tools
                        .executor()
                        .invokeAsync("calculator", JsonObject.of("input", "1+1"), fixture.caller))
                .assertNext(result -> assertThat(result.result()).containsEntry("result", 2L))
                .verifyComplete();
        StepVerifier.create(fixture.tools.executor().invokeAsync("nothing", JsonObject.empty(), fixture.caller))
                .verifyErrorSatisfies(error -> assertThat(error).isInstanceOf(ToolException.class));
    }

    @Test
    void envelope_success_hasItsMembers() {
        register("talk", (parameters, run) -> JsonObject.of("text", "plain", "operation", "say", "output", 1, "n", 2));
        ToolResult result = fixture.call("talk");
        JsonObject envelope = ToolResults.envelope(result);
        assertThat(List.copyOf(envelope.keySet()))
                .containsExactly("text", "success", "operation", "result", "output", "metadata");
        assertThat(envelope).containsEntry("text", "plain").containsEntry("output", 1L);
        assertThat(envelope.get("result")).isEqualTo(JsonObject.of("output", 1, "n", 2));
        assertThat(envelope.get("metadata"))
                .isInstanceOfSatisfying(
                        JsonObject.class,
                        metadata -> assertThat(metadata)
                                .containsEntry("tool", "talk")
                                .containsEntry("call_id", result.callId())
                                .containsEntry("cached", false)
                                .containsKey("duration_ms"));
    }

    @Test
    void envelope_failure_hasErrorAndJsonText() {
        register("broken", (parameters, run) -> {
            throw ToolException.failed("no luck", "parse");
        });
        JsonObject envelope = ToolResults.envelope(fixture.call("broken"));
        assertThat(envelope).containsEntry("success", false).doesNotContainKeys("result", "output");
        assertThat(envelope.get("error"))
                .isEqualTo(JsonObject.of(
                        "code", "tool_failed", "message", "no luck", "details", JsonObject.of("kind", "parse")));
        assertThat(envelope.text("text")).startsWith("{\"success\":false");
    }

    @Test
    void output_mainValue_isChosenByName() {
        register("echo", (parameters, run) -> parameters);
        assertThat(ToolResults.output(fixture.call("echo", "a", 1, "result", 2)))
                .isEqualTo(2L);
        assertThat(ToolResults.output(fixture.call("echo", "a", 1))).isEqualTo(1L);
        assertThat(ToolResults.output(fixture.call("echo", "a", JsonArray.of(), "b", 2)))
                .isEqualTo(JsonObject.of("a", JsonArray.of(), "b", 2));
    }

    /** The tool that a lambda cannot express: one that breaks the contract. */
    @Test
    void invoke_toolWithoutResult_isFailedTool() {
        Tool nothing = new ScriptedTool("nothing", (parameters, run) -> noResult());
        fixture.tools.registry().register(nothing);
        assertThat(Objects.requireNonNull(fixture.call("nothing").error()).getMessage())
                .contains("nothing");
    }

    @SuppressWarnings("NullAway") // a tool written without null checks is what is tested
    private static JsonObject noResult() {
        return null;
    }
}
