package io.llmspell.benchmarks;

import io.llmspell.core.gate.Body;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import org.jspecify.annotations.Nullable;

/**
 * An operation on numbers with the nine points of a tool call, whose hooks see the numbers as they are.
 *
 * <p><b>Threads:</b> immutable.
 */
final class NumberTool implements View<Long, Long> {
    NumberTool() {}

    static Operation<Long, Long> operation(Body<Long, Long> body) {
        return Operation.of(OperationKind.TOOL_CALL, new NumberTool())
                .before(HookPoint.TOOL_VALIDATION)
                .before(HookPoint.parse("tool_parameter_validation"))
                .before(HookPoint.parse("tool_security_check"))
                .before(HookPoint.parse("tool_resource_allocated"))
                .before(HookPoint.BEFORE_TOOL_EXECUTION)
                .after(HookPoint.AFTER_TOOL_EXECUTION)
                .error(HookPoint.parse("tool_timeout"))
                .error(HookPoint.TOOL_ERROR)
                .last(HookPoint.parse("tool_resource_released"))
                .run(body);
    }

    @Override
    public Object input(Long input) {
        return input;
    }

    @Override
    public Object output(Long output) {
        return output;
    }

    @Override
    public Object data(HookPoint point, Long input, @Nullable Long output) {
        return input;
    }

    @Override
    public Long modified(HookPoint point, Long input, @Nullable Object data) {
        return input;
    }

    @Override
    public Long answer(HookPoint point, Long input, @Nullable Object value) {
        return input;
    }
}
