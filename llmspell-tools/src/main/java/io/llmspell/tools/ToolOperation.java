package io.llmspell.tools;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.notice.Violation;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolInfo;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The definition of a tool call: its points and checks in order. */
final class ToolOperation {
    private static final HookPoint PARAMETER_VALIDATION = new HookPoint("tool_parameter_validation");
    private static final Set<HookResultKind> REFUSE_ONLY =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL);
    private static final Set<HookResultKind> LOWER_OR_REFUSE =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL, HookResultKind.MODIFIED);

    private final SecurityLevel granted;
    private final Notices notices;
    private final ToolBody body;

    ToolOperation(SecurityLevel granted, Notices notices, ToolBody body) {
        this.granted = granted;
        this.notices = notices;
        this.body = body;
    }

    Operation<ToolInput, ToolOutput> define() {
        return Operation.of(OperationKind.TOOL_CALL, new ToolCallView(granted))
                .check("attempt", (input, caller) -> begun(input))
                .before(HookPoint.TOOL_VALIDATION)
                .promise(
                        "schema",
                        (input, caller) ->
                                input.with(input.call().entry().rules().checked(input.parameters())))
                .before(PARAMETER_VALIDATION)
                .promise("level", this::level)
                .point(ToolCallView.SECURITY_CHECK, Step.Stage.BEFORE, REFUSE_ONLY)
                .check("resources", (input, caller) -> reserved(input))
                .point(ToolCallView.RESOURCES, Step.Stage.BEFORE, LOWER_OR_REFUSE)
                .before(HookPoint.BEFORE_TOOL_EXECUTION)
                .after(HookPoint.AFTER_TOOL_EXECUTION)
                .error(ToolCallView.TIMEOUT)
                .error(HookPoint.TOOL_ERROR)
                .last(ToolCallView.RELEASED)
                .encloses()
                .run(body::run);
    }

    private ToolInput level(ToolInput input, Caller caller) {
        ToolInfo info = input.call().entry().info();
        if (granted.compareTo(info.level()) < 0) {
            notices.violated(
                    Violation.denied("tool_level", info.name()),
                    input.call().entry().component(),
                    caller);
            throw new ToolException(
                    ErrorCode.PERMISSION_DENIED,
                    "tool \"" + info.name() + "\" needs the level "
                            + info.level().id() + ", but its callers have " + granted.id(),
                    Map.of("tool", info.name(), "required", info.level().id(), "granted", granted.id()),
                    null);
        }
        return input;
    }

    /** A call that a hook repeats reserves and uses anew. */
    private static ToolInput begun(ToolInput input) {
        input.call().begin();
        return input;
    }

    private static ToolInput reserved(ToolInput input) {
        input.call().reserve();
        return input;
    }
}
