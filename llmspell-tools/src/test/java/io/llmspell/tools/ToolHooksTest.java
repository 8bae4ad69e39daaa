package io.llmspell.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.tool.ScriptedTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ToolHooksTest {
    /** A machine under load must not cut the hooks under test off. */
    private static final HookSettings PATIENT =
            HookSettings.DEFAULT.toBuilder().deadline(Duration.ofSeconds(30)).build();

    private static final List<String> ALL = List.of(
            "ToolValidation",
            "tool_parameter_validation",
            "tool_security_check",
            "BeforeToolExecution",
            "AfterToolExecution",
            "ToolError");

    private final Hooks hooks =
            Hooks.builder().time(new SystemTimeSource()).settings(PATIENT).build();
    private final ToolsFixture fixture = new ToolsFixture(hooks.gate(), SecurityLevel.RESTRICTED);
    private final List<String> seen = new ArrayList<>();

    @AfterEach
    void close() {
        hooks.close();
    }

    private void hook(String point, Hook hook) {
        hooks.registry().register(HookPoint.parse(point), "test", hook);
    }

    private void guard(String point, Hook hook) {
        hooks.registry()
                .register(
                        HookPoint.parse(point),
                        HookOptions.builder("guard")
                                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                                .build(),
                        hook);
    }

    private void trace() {
        for (String point : ALL) {
            hook(point, context -> {
                seen.add(point + " " + context.data());
                return HookResult.proceed();
            });
        }
    }

    private static void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void points_goodCall_comeInOrderWithTheirData() {
        trace();
        fixture.call("calculator", "expression", "1+1");
        assertThat(seen)
                .containsExactly(
                        "ToolValidation {expression=1+1}",
                        "tool_parameter_validation {input=1+1}",
                        "tool_security_check {required_level=safe, granted_level=restricted, grants=[]}",
                        "BeforeToolExecution {input=1+1}",
                        "AfterToolExecution {operation=evaluate, input=1+1, result=2, result_type=integer}");
    }

    @Test
    void points_badParameters_endInToolError() {
        trace();
        refused(() -> fixture.call("calculator", "inptu", "1"), ErrorCode.VALIDATION_FAILED);
        assertThat(seen).containsExactly("ToolValidation {inptu=1}", "ToolError {inptu=1}");
    }

    @Test
    void points_failedTool_endInToolError() {
        trace();
        assertThat(fixture.call("calculator", "input", "1/0").success()).isFalse();
        assertThat(seen).endsWith("ToolError {input=1/0}").hasSize(5);
    }

    @Test
    void context_call_hasComponentAndKeys() {
        hook("BeforeToolExecution", context -> {
            seen.add(context.component() + " " + context.metadata());
            return HookResult.proceed();
        });
        ToolResult result = fixture.call("calculator", "input", "1");
        assertThat(seen.get(0))
                .startsWith("tool/calculator")
                .contains("tool_name=calculator")
                .contains("category=utility")
                .contains("security_level=safe")
                .contains("call_id=" + result.callId())
                .contains("caller=host");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ToolValidation",
                "tool_parameter_validation",
                "tool_security_check",
                "BeforeToolExecution",
                "AfterToolExecution"
            })
    void veto_anywhere_throwsAndEndsAsFailed(String point) {
        hook(point, context -> HookResult.cancel("house rule"));
        assertThatThrownBy(() -> fixture.call("calculator", "input", "1"))
                .isInstanceOf(OperationCancelledException.class)
                .hasMessageContaining("house rule");
        assertThat(fixture.bus.types()).containsExactly("tool.started", "tool.failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ToolValidation", "tool_parameter_validation", "BeforeToolExecution"})
    void modified_goodParameters_areUsed(String point) {
        hook(point, context -> HookResult.modified(JsonObject.of("input", "2+2")));
        assertThat(fixture.call("calculator", "input", "1").result()).containsEntry("result", 4L);
    }

    @Test
    void modified_badParameters_keepTheOldOnes() {
        hook("BeforeToolExecution", context -> HookResult.modified(JsonObject.of("input", 5)));
        assertThat(fixture.call("calculator", "input", "1").result()).containsEntry("result", 1L);
    }

    @Test
    void modified_badParametersOfGuard_refuseTheCall() {
        guard("BeforeToolExecution", context -> HookResult.modified(JsonObject.of("input", 5)));
        refused(() -> fixture.call("calculator", "input", "1"), ErrorCode.VALIDATION_FAILED);
    }

    @Test
    void replace_beforeTheChecks_doesNotGetRoundThem() {
        hook("ToolValidation", context -> HookResult.replace(JsonObject.of("result", 42)));
        assertThat(fixture.call("calculator", "input", "1").result()).isEqualTo(JsonObject.of("result", 42));
        refused(() -> fixture.call("calculator", "inptu", "1"), ErrorCode.VALIDATION_FAILED);
        fixture.tools
                .registry()
                .register(new ScriptedTool(
                        "root",
                        SecurityLevel.PRIVILEGED,
                        JsonObject.of("type", "object"),
                        (parameters, run) -> parameters));
        refused(() -> fixture.call("root"), ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void replace_onError_rescuesTheCall() {
        hook("ToolError", context -> HookResult.replace(JsonObject.of("result", "unknown")));
        ToolResult result = fixture.call("calculator", "input", "1/0");
        assertThat(result.success()).isTrue();
        assertThat(result.result()).isEqualTo(JsonObject.of("result", "unknown"));
        assertThat(fixture.bus.types()).containsExactly("tool.started", "tool.completed");
    }

    @Test
    void replace_withoutMap_isFailedHook() {
        guard("BeforeToolExecution", context -> HookResult.replace("text"));
        refused(() -> fixture.call("calculator", "input", "1"), ErrorCode.HOOK_FAILED);
    }

    @Test
    void modifiedResult_isGivenOut() {
        hook(
                "AfterToolExecution",
                context -> HookResult.modified(
                        ((JsonObject) Objects.requireNonNull(context.data())).with("note", "checked")));
        assertThat(fixture.call("calculator", "input", "1").result()).containsEntry("note", "checked");
    }

    @Test
    void securityCheck_canOnlyRefuse() {
        guard("tool_security_check", context -> HookResult.modified(JsonObject.of("granted_level", "privileged")));
        refused(() -> fixture.call("calculator", "input", "1"), ErrorCode.RESULT_NOT_ALLOWED);
    }

    private List<String> names(String query) {
        return fixture.tools.registry().discover(query, fixture.caller).stream()
                .map(ToolInfo::name)
                .toList();
    }

    @Test
    void discovery_queryAndTools_canBeChanged() {
        hook("BeforeToolDiscovery", context -> HookResult.modified(JsonObject.of("query", "text")));
        assertThat(names("calculator")).containsExactly("text_manipulator");
        hook("AfterToolDiscovery", context -> HookResult.modified(JsonObject.of("tools", JsonArray.of())));
        assertThat(names("calculator")).isEmpty();
    }

    @Test
    void discovery_description_canBeChanged() {
        hook(
                "AfterToolDiscovery",
                context -> HookResult.modified(JsonObject.of(
                        "tools", JsonArray.of(JsonObject.of("name", "calculator", "description", "Sums.")))));
        assertThat(fixture.tools.registry().discover("", fixture.caller))
                .singleElement()
                .satisfies(info -> assertThat(info.description()).isEqualTo("Sums."));
    }

    @Test
    void discovery_inventedToolOrLevel_isFailedHook() {
        guard(
                "AfterToolDiscovery",
                context -> HookResult.modified(JsonObject.of(
                        "tools", JsonArray.of(JsonObject.of("name", "calculator", "security_level", "none")))));
        refused(() -> names(""), ErrorCode.HOOK_FAILED);
    }

    @Test
    void discovery_vetoed_throws() {
        hook("BeforeToolDiscovery", context -> HookResult.cancel("secret"));
        assertThatThrownBy(() -> names("")).isInstanceOf(OperationCancelledException.class);
    }
}
