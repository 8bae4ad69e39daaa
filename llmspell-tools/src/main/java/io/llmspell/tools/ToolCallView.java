package io.llmspell.tools;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.ToolLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a tool call to hooks: the parameters before and on errors, the result after, limits and what was used. */
final class ToolCallView implements View<ToolInput, ToolOutput> {
    static final HookPoint SECURITY_CHECK = new HookPoint("tool_security_check");
    static final HookPoint RESOURCES = new HookPoint("tool_resource_allocated");
    static final HookPoint TIMEOUT = new HookPoint("tool_timeout");
    static final HookPoint RELEASED = new HookPoint("tool_resource_released");

    private static final List<String> LIMITS = List.of("time_ms", "output_bytes", "operations");

    private final SecurityLevel granted;

    ToolCallView(SecurityLevel granted) {
        this.granted = granted;
    }

    @Override
    public Object input(ToolInput input) {
        return input.parameters();
    }

    @Override
    public Object output(ToolOutput output) {
        return output.result();
    }

    @Override
    public Object data(HookPoint point, ToolInput input, @Nullable ToolOutput output) {
        if (point.equals(SECURITY_CHECK)) {
            return JsonObject.of(
                    "required_level", input.call().entry().info().level().id(),
                    "granted_level", granted.id(),
                    "grants", JsonArray.of());
        }
        if (point.equals(RESOURCES)) {
            return JsonObject.of("limits", limits(input.limits()));
        }
        if (point.equals(RELEASED)) {
            return JsonObject.of("used", input.call().used());
        }
        return point.equals(HookPoint.AFTER_TOOL_EXECUTION) && output != null ? output.result() : input.parameters();
    }

    private static JsonObject limits(ToolLimits limits) {
        return JsonObject.of(
                "time_ms", limits.time().toMillis(),
                "output_bytes", limits.outputBytes(),
                "operations", limits.operations());
    }

    @Override
    public boolean passes(HookPoint point, ToolInput input, @Nullable LlmSpellException error) {
        if (point.equals(TIMEOUT)) {
            return error != null && error.code().equals(ErrorCode.TIMEOUT);
        }
        return !point.equals(RELEASED) || input.call().reserved();
    }

    @Override
    public @Nullable String errorStage(ToolInput input, LlmSpellException error) {
        if (input.call().failedWith(error)) {
            return "execution";
        }
        if (error.code().equals(ErrorCode.VALIDATION_FAILED)) {
            return "validation";
        }
        return error.code().equals(ErrorCode.PERMISSION_DENIED) ? "security" : null;
    }

    @Override
    public ToolInput modified(HookPoint point, ToolInput input, @Nullable Object data) {
        return point.equals(RESOURCES)
                ? input.with(lowered(input.limits(), data))
                : input.with(object("parameters", data));
    }

    /** Limits that a hook left, given as {@code {limits = {...}}} or alone; what it left out stays. */
    private static ToolLimits lowered(ToolLimits present, @Nullable Object data) {
        Object given = data instanceof JsonObject whole && whole.containsKey("limits")
                ? PointData.merged(RESOURCES, JsonObject.of("limits", limits(present)), whole, List.of("limits"))
                        .get("limits")
                : data;
        JsonObject changed = PointData.merged(RESOURCES, limits(present), given, LIMITS);
        return new ToolLimits(
                Duration.ofMillis(lowered(changed, "time_ms", present.time().toMillis())),
                lowered(changed, "output_bytes", present.outputBytes()),
                lowered(changed, "operations", present.operations()));
    }

    private static long lowered(JsonObject changed, String name, long present) {
        Object value = changed.get(name);
        Long wanted = JsonValues.whole(value);
        if (wanted != null && wanted >= 1 && wanted <= present) {
            return wanted;
        }
        throw new HookException(
                ErrorCode.RESULT_NOT_ALLOWED,
                "a hook set the limit " + name + " to " + value + " at " + RESOURCES
                        + ", where it can only be lowered: a whole number from 1 to " + present,
                Map.of("point", RESOURCES.name(), "member", name),
                null);
    }

    @Override
    public ToolOutput answer(HookPoint point, ToolInput input, @Nullable Object value) {
        return ToolOutput.of(object("result", value));
    }

    @Override
    public ToolOutput changed(HookPoint point, ToolInput input, ToolOutput output, @Nullable Object data) {
        return new ToolOutput(object("result", data), output.forks());
    }

    @Override
    public ToolOutput forked(ToolOutput output, Map<String, @Nullable Object> forks) {
        return new ToolOutput(output.result(), JsonValues.object(forks, JsonLimits.TOOL));
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
