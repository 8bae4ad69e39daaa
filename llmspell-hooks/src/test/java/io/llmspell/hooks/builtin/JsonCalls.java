package io.llmspell.hooks.builtin;

import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.hooks.Hooks;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Operations on JSON values with three points, whose body is a function. */
public final class JsonCalls implements View<Outcome, Outcome> {
    private JsonCalls() {}

    static Passage<Outcome, Outcome> tools(Hooks hooks, UnaryOperator<@Nullable Object> body) {
        return passage(
                hooks,
                OperationKind.TOOL_CALL,
                new HookPoint[] {HookPoint.BEFORE_TOOL_EXECUTION, HookPoint.AFTER_TOOL_EXECUTION, HookPoint.TOOL_ERROR},
                body);
    }

    public static Passage<Outcome, Outcome> models(Hooks hooks, UnaryOperator<@Nullable Object> body) {
        return passage(
                hooks,
                OperationKind.MODEL_CALL,
                new HookPoint[] {
                    CostTrackingConfig.REQUEST, CostTrackingConfig.RESPONSE, new HookPoint("agent_model_error")
                },
                body);
    }

    private static Passage<Outcome, Outcome> passage(
            Hooks hooks, OperationKind kind, HookPoint[] points, UnaryOperator<@Nullable Object> body) {
        return hooks.gate()
                .passage(Operation.of(kind, new JsonCalls())
                        .before(points[0])
                        .after(points[1])
                        .error(points[2])
                        .run((input, caller) ->
                                new Outcome(JsonValues.checked(body.apply(input.json()), JsonLimits.TOOL))));
    }

    @Override
    public @Nullable Object input(Outcome input) {
        return input.json();
    }

    @Override
    public @Nullable Object output(Outcome output) {
        return output.json();
    }

    @Override
    public @Nullable Object data(HookPoint point, Outcome input, @Nullable Outcome output) {
        return output == null ? input.json() : output.json();
    }

    @Override
    public Outcome modified(HookPoint point, Outcome input, @Nullable Object data) {
        return new Outcome(data);
    }

    @Override
    public Outcome answer(HookPoint point, Outcome input, @Nullable Object value) {
        return new Outcome(value);
    }
}
