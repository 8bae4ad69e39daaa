package io.llmspell.workflows;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows what happens to a run between its steps to hooks, which cannot change it. */
final class NoticeView implements View<NoticeView.Input, JsonObject> {
    static final HookPoint BOUNDARY = new HookPoint("workflow_step_boundary");

    /** The keys of the run or step, and what hooks see. */
    record Input(Map<String, String> keys, JsonObject data) {}

    @Override
    public Object input(Input input) {
        return input.data();
    }

    @Override
    public Object output(JsonObject data) {
        return data;
    }

    @Override
    public Object data(HookPoint point, Input input, @Nullable JsonObject output) {
        return input.data();
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        throw notice(point);
    }

    @Override
    public JsonObject answer(HookPoint point, Input input, @Nullable Object value) {
        throw notice(point);
    }

    private static ArgumentException notice(HookPoint point) {
        return new ArgumentException("nothing can be changed at " + point + ", which is a notice");
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.keys();
    }
}
