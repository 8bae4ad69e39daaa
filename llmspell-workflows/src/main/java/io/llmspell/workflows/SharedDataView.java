package io.llmspell.workflows;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a write to the state of a run to hooks, which may change the value or refuse the write. */
final class SharedDataView implements View<SharedDataView.Input, Outcome> {
    static final HookPoint POINT = new HookPoint("workflow_shared_data");

    /** The run, the step that writes, the key and the values; null is nothing there. */
    record Input(
            SequentialRun run,
            WorkflowStep step,
            String key,
            @Nullable Object old,
            @Nullable Object value) {}

    @Override
    public JsonObject input(Input input) {
        return JsonObject.of("key", input.key(), "old_value", input.old(), "value", input.value());
    }

    @Override
    public @Nullable Object output(Outcome written) {
        return written.json();
    }

    @Override
    public Object data(HookPoint point, Input input, @Nullable Outcome written) {
        return input(input);
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        Object value = Changes.member(point, input(input), data, "value");
        return new Input(input.run(), input.step(), input.key(), input.old(), value);
    }

    @Override
    public Outcome answer(HookPoint point, Input input, @Nullable Object value) {
        throw new ArgumentException("a write cannot be answered at " + point + "; only changed or refused");
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.run().keys(input.step());
    }
}
