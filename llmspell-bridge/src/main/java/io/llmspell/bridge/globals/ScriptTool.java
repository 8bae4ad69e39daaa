package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.time.TimeSource;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tool that is a function of a script; it has the rights of the agent that calls it. */
final class ScriptTool implements Tool {
    private static final Set<String> MEMBERS = Set.of(
            "name",
            "description",
            "parameters",
            "execute",
            "category",
            "security_level",
            "version",
            "timeout_ms",
            "tags");
    private static final Set<String> PARAMETER = Set.of("name", "type", "required", "default", "description");
    private static final double DEFAULT_TIMEOUT_MILLIS = 30_000;

    private final ToolInfo info;
    private final ScriptCallback function;
    private final Principal definer;
    private final Duration limit;
    private final TimeSource time;

    private ScriptTool(ToolInfo info, ScriptCallback function, Principal definer, Duration limit, TimeSource time) {
        this.info = info;
        this.function = function;
        this.definer = definer;
        this.limit = limit;
        this.time = time;
    }

    static ScriptTool define(ScriptCall call, TimeSource time) {
        OptionReader members = new OptionReader(call.function(), call.map(0, "definition"), MEMBERS);
        ScriptCallback function = members.callback("execute");
        if (function == null) {
            throw new ArgumentException(call.function() + ": member \"execute\" is missing; it is fn(params, ctx)");
        }
        ToolInfo info = new ToolInfo(
                members.requiredText("name"),
                members.text("version", "1.0.0"),
                members.text("category", "custom"),
                members.text("description", ""),
                schema(call, members.raw("parameters")),
                level(members.text("security_level", "safe")),
                Set.copyOf(members.texts("tags")));
        double millis = members.number("timeout_ms", DEFAULT_TIMEOUT_MILLIS, 1, 3_600_000);
        return new ScriptTool(info, function, call.caller().principal(), Duration.ofMillis((long) millis), time);
    }

    private static SecurityLevel level(String text) {
        for (SecurityLevel level : SecurityLevel.values()) {
            if (level.id().equals(text)) {
                return level;
            }
        }
        throw new ArgumentException("security_level", text, "safe, restricted or privileged");
    }

    /** What is left of a limit for a caller that has a deadline of its own. */
    private Duration shorter(Duration limit, long deadlineNanos) {
        if (deadlineNanos == Awaiter.NO_DEADLINE) {
            return limit;
        }
        long left = Math.max(1, deadlineNanos - time.nanos());
        return left < limit.toNanos() ? Duration.ofNanos(left) : limit;
    }

    /** A JSON Schema as it is, or one made of a list of parameters; without either any parameter is taken. */
    private static JsonObject schema(ScriptCall call, @Nullable Object raw) {
        if (raw instanceof List<?> list && !list.isEmpty()) {
            return ofList(call, list);
        }
        if (raw instanceof Map<?, ?> map && !map.isEmpty()) {
            return (JsonObject)
                    java.util.Objects.requireNonNull(JsonValues.checked(ScriptCall.plain(map), JsonLimits.VALUE));
        }
        return JsonObject.of("type", "object", "additionalProperties", true);
    }

    @SuppressWarnings("unchecked") // engines give maps with text keys only
    private static JsonObject ofList(ScriptCall call, List<?> list) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Object each : list) {
            if (!(each instanceof Map<?, ?> map)) {
                throw new ArgumentException(call.function() + ": parameters must be maps with a name and a type");
            }
            OptionReader row = new OptionReader(call.function(), (Map<String, @Nullable Object>) map, PARAMETER);
            String name = row.requiredText("name");
            properties.put(name, property(row));
            if (row.flag("required", false)) {
                required.add(name);
            }
        }
        return JsonObject.of(
                "type", "object", "properties", properties, "required", required, "additionalProperties", false);
    }

    private static Map<String, @Nullable Object> property(OptionReader row) {
        Map<String, @Nullable Object> property = new LinkedHashMap<>();
        property.put("type", row.text("type", "string"));
        if (row.has("description")) {
            property.put("description", row.text("description", ""));
        }
        if (row.has("default")) {
            property.put("default", ScriptCall.plain(row.raw("default")));
        }
        return property;
    }

    ScriptCallback function() {
        return function;
    }

    @Override
    public ToolInfo info() {
        return info;
    }

    @Override
    public ToolLimits limits(ToolLimits usual) {
        return usual.withTime(limit);
    }

    @Override
    public JsonObject execute(JsonObject parameters, ToolRun run) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("call_id", run.callId());
        context.put("correlation_id", run.caller().correlation().text());
        context.put("tool_name", info.name());
        Duration most = shorter(run.limits().time(), run.caller().deadlineNanos());
        Object raw = function.call(Rights.of(run.caller(), definer), most, filled(parameters), context);
        Object result = JsonValues.checked(ScriptCall.plain(raw), JsonLimits.TOOL);
        if (!(result instanceof JsonObject object)) {
            return JsonObject.of("result", result);
        }
        if (Boolean.FALSE.equals(object.get("success"))) {
            throw ToolException.failed("tool " + info.name() + ": " + reason(object), "external");
        }
        return object;
    }

    /** What the caller left out comes from the schema's own defaults. */
    private Map<String, @Nullable Object> filled(JsonObject parameters) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(parameters);
        if (info.schema().get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, property) -> {
                if (property instanceof Map<?, ?> described && described.containsKey("default")) {
                    all.putIfAbsent(String.valueOf(name), described.get("default"));
                }
            });
        }
        return all;
    }

    private static String reason(JsonObject result) {
        Object error = result.get("error");
        return error instanceof Map<?, ?> map ? String.valueOf(map.get("message")) : String.valueOf(error);
    }
}
