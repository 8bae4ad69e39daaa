package io.llmspell.hooks;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import org.jspecify.annotations.Nullable;

/** Fires points of the user's own: operations whose subject is the data and whose body changes nothing. */
final class CustomPoints {
    private static final Component COMPONENT = Component.named(ComponentType.SYSTEM, "hooks");
    private static final String PREFIX = "custom:";

    private CustomPoints() {}

    static FireResult fire(Gate gate, HookPoint point, @Nullable Object data, Caller caller) {
        if (!point.name().startsWith(PREFIX)) {
            throw new ArgumentException(
                    "hook point to fire",
                    point.name(),
                    "custom:NAME; the points of the runtime are fired by the runtime alone");
        }
        Object subject = JsonValues.checked(data, JsonLimits.VALUE);
        Operation<FireResult, FireResult> operation =
                Operation.of(OperationKind.CUSTOM, new Subject()).before(point).run((input, inner) -> input);
        try {
            return gate.passage(operation)
                    .call(COMPONENT, new FireResult(HookResultKind.CONTINUE, null, subject), caller);
        } catch (OperationCancelledException veto) {
            return new FireResult(HookResultKind.CANCEL, veto.reason(), subject);
        }
    }

    /** The subject as it goes through the hooks; it notes what they did to it. */
    private static final class Subject implements View<FireResult, FireResult> {
        @Override
        public @Nullable Object input(FireResult input) {
            return input.data();
        }

        @Override
        public @Nullable Object output(FireResult output) {
            return output.data();
        }

        @Override
        public @Nullable Object data(HookPoint point, FireResult input, @Nullable FireResult output) {
            return input.data();
        }

        @Override
        public FireResult modified(HookPoint point, FireResult input, @Nullable Object data) {
            return new FireResult(HookResultKind.MODIFIED, null, data);
        }

        @Override
        public FireResult answer(HookPoint point, FireResult input, @Nullable Object value) {
            return new FireResult(HookResultKind.REPLACE, null, value);
        }
    }
}
