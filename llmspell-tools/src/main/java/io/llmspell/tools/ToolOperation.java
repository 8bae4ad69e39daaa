package io.llmspell.tools;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The definition of a tool call: its points and checks in order, and what runs between them. */
final class ToolOperation {
    private static final HookPoint PARAMETER_VALIDATION = new HookPoint("tool_parameter_validation");
    private static final Set<HookResultKind> REFUSE_ONLY =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL);

    private final SecurityLevel granted;
    private final Redactor redactor;

    ToolOperation(SecurityLevel granted, Redactor redactor) {
        this.granted = granted;
        this.redactor = redactor;
    }

    Operation<ToolInput, JsonObject> define() {
        return Operation.of(OperationKind.TOOL_CALL, new ToolCallView(granted))
                .before(HookPoint.TOOL_VALIDATION)
                .promise(
                        "schema",
                        (input, caller) ->
                                input.with(input.call().entry().rules().checked(input.parameters())))
                .before(PARAMETER_VALIDATION)
                .promise("level", (input, caller) -> level(input))
                .point(ToolCallView.SECURITY_CHECK, Step.Stage.BEFORE, REFUSE_ONLY)
                .before(HookPoint.BEFORE_TOOL_EXECUTION)
                .after(HookPoint.AFTER_TOOL_EXECUTION)
                .error(HookPoint.TOOL_ERROR)
                .encloses()
                .run(this::run);
    }

    private ToolInput level(ToolInput input) {
        ToolInfo info = input.call().entry().info();
        if (granted.compareTo(info.level()) < 0) {
            throw new ToolException(
                    ErrorCode.PERMISSION_DENIED,
                    "tool \"" + info.name() + "\" needs the level "
                            + info.level().id() + ", but its callers have " + granted.id(),
                    Map.of("tool", info.name(), "required", info.level().id(), "granted", granted.id()),
                    null);
        }
        return input;
    }

    private JsonObject run(ToolInput input, Caller caller) {
        Invocation call = input.call();
        caller.token().throwIfCancelled("tool " + call.name());
        try {
            return result(call, call.entry().tool().execute(input.parameters(), new Run(caller, call.callId())));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("tool " + call.name());
        } catch (Exception | StackOverflowError failure) {
            if (failure instanceof CancelledException stopped && caller.token().isCancelled()) {
                throw stopped; // the caller stopped the call: no result of the tool
            }
            throw call.failed(coded(call.name(), failure));
        }
    }

    private static JsonObject result(Invocation call, @Nullable JsonObject result) {
        if (result == null) {
            throw ToolException.failed(
                    "tool \"" + call.name() + "\" gave nothing back; a tool gives an object", "unsupported");
        }
        return JsonValues.object(result, JsonLimits.TOOL);
    }

    private LlmSpellException coded(String tool, Throwable failure) {
        if (failure instanceof LlmSpellException coded) {
            return coded;
        }
        String message = failure.getMessage();
        String text = "tool \"" + tool + "\" failed with " + failure.getClass().getSimpleName()
                + (message == null ? "" : ": " + redactor.text(message));
        return new ToolException(ErrorCode.TOOL_FAILED, text, Map.of("kind", kind(failure)), failure);
    }

    private static String kind(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return "not_found";
        }
        if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            return "io";
        }
        return failure instanceof UnsupportedOperationException ? "unsupported" : "external";
    }

    /** The present call, as the tool sees it. */
    private record Run(Caller caller, String callId) implements Tool.ToolRun {}
}
