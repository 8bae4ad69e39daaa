package io.llmspell.workflows;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a run with its compensation to hooks that only hear how it ended. */
final class WholeView implements View<RunView.Input, JsonObject> {
    static final HookPoint STATE_CHANGE = new HookPoint("workflow_state_change");
    static final HookPoint COMPLETE = new HookPoint("workflow_complete");

    @Override
    public @Nullable Object input(RunView.Input input) {
        return input.json();
    }

    @Override
    public Object output(JsonObject result) {
        return result;
    }

    @Override
    public Object data(HookPoint point, RunView.Input input, @Nullable JsonObject result) {
        String now = (result == null ? input.run().endedBadly() : RunStatus.COMPLETED).id();
        return point.equals(COMPLETE)
                ? JsonObject.of("status", now)
                : JsonObject.of("from_status", input.run().status().id(), "to_status", now);
    }

    @Override
    public RunView.Input modified(HookPoint point, RunView.Input input, @Nullable Object data) {
        throw notice(point);
    }

    @Override
    public JsonObject answer(HookPoint point, RunView.Input input, @Nullable Object value) {
        throw notice(point);
    }

    private static ArgumentException notice(HookPoint point) {
        return new ArgumentException("nothing can be changed at " + point + ", which is a notice");
    }

    @Override
    public Map<String, String> metadata(RunView.Input input) {
        return input.run().keys();
    }
}
