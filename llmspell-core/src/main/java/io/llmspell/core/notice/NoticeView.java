package io.llmspell.core.notice;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a notice to hooks, which cannot change it. */
final class NoticeView implements View<JsonObject, JsonObject> {
    @Override
    public Object input(JsonObject data) {
        return data;
    }

    @Override
    public Object output(JsonObject data) {
        return data;
    }

    @Override
    public Object data(HookPoint point, JsonObject data, @Nullable JsonObject output) {
        return data;
    }

    @Override
    public JsonObject modified(HookPoint point, JsonObject data, @Nullable Object changed) {
        throw refused(point);
    }

    @Override
    public JsonObject answer(HookPoint point, JsonObject data, @Nullable Object value) {
        throw refused(point);
    }

    private static HookException refused(HookPoint point) {
        return new HookException(
                ErrorCode.RESULT_NOT_ALLOWED,
                "nothing can be changed or answered at " + point + ", which is a notice",
                Map.of("point", point.name()),
                null);
    }
}
