package io.llmspell.tools;

import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.SecurityLevel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a tool call to hooks: the parameters before and on errors, the result after. */
final class ToolCallView implements View<ToolInput, JsonObject> {
    static final HookPoint SECURITY_CHECK = new HookPoint("tool_security_check");

    private final SecurityLevel granted;

    ToolCallView(SecurityLevel granted) {
        this.granted = granted;
    }

    @Override
    public Object input(ToolInput input) {
        return input.parameters();
    }

    @Override
    public Object output(JsonObject result) {
        return result;
    }

    @Override
    public Object data(HookPoint point, ToolInput input, @Nullable JsonObject result) {
        if (point.equals(SECURITY_CHECK)) {
            return JsonObject.of(
                    "required_level", input.call().entry().info().level().id(),
                    "granted_level", granted.id(),
                    "grants", JsonArray.of());
        }
        return point.equals(HookPoint.AFTER_TOOL_EXECUTION) && result != null ? result : input.parameters();
    }

    @Override
    public ToolInput modified(HookPoint point, ToolInput input, @Nullable Object data) {
        return input.with(object("parameters", data));
    }

    @Override
    public JsonObject answer(HookPoint point, ToolInput input, @Nullable Object value) {
        return object("result", value);
    }

    private static JsonObject object(String what, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return JsonValues.object(map, JsonLimits.TOOL);
        }
        throw JsonValueException.mismatch(what, "a map", value);
    }

    @Override
    public Map<String, String> metadata(ToolInput input) {
        return input.call().keys();
    }
}
