package io.llmspell.bridge.globals;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Component;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.core.script.ScriptRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A hook context as scripts see it: members are made when they are asked for. */
final class HookContextObject implements ScriptObject {
    private static final ScriptObjectType TYPE = new ScriptObjectType(
            "hook context",
            memberTable(),
            List.of(),
            null,
            (object, name) -> ((HookContextObject) object).helper(name),
            null,
            false);

    private final GlobalServices services;
    private final HookContext context;

    HookContextObject(GlobalServices services, HookContext context) {
        this.services = services;
        this.context = context;
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return context.operation().id();
    }

    private static Map<String, Function<ScriptObject, @Nullable Object>> memberTable() {
        Map<String, Function<ScriptObject, @Nullable Object>> table = new LinkedHashMap<>();
        member(table, "point", self -> self.context.point().name());
        member(table, "hook_point", self -> self.context.point().name());
        member(table, "component_id", self -> component(self.context.component()));
        member(
                table,
                "correlation_id",
                self -> self.context.caller().correlation().text());
        member(table, "parent_id", self -> self.context.snapshot().parentOperation());
        member(table, "language", self -> self.context.language().id());
        member(table, "timestamp", self -> self.context.timestamp().toString());
        member(table, "data", HookContextObject::data);
        member(table, "metadata", self -> new MetadataObject(self.context));
        member(table, "operation", self -> operation(self.context.operation()));
        member(table, "attempt", self -> (long) self.context.attempt());
        member(table, "performance_warning", self -> self.context.performanceWarning());
        member(table, "state", self -> new ContextStateObject(self.services, self.context));
        return table;
    }

    private static void member(
            Map<String, Function<ScriptObject, @Nullable Object>> table,
            String name,
            Function<HookContextObject, @Nullable Object> read) {
        table.put(name, object -> read.apply((HookContextObject) object));
    }

    private static Map<String, Object> component(Component component) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", component.id().toString());
        shown.put("type", component.type().name());
        shown.put("component_type", component.type().name());
        shown.put("name", component.name());
        return shown;
    }

    private static Map<String, @Nullable Object> operation(OperationView operation) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("type", operation.kind().id());
        shown.put("id", operation.id());
        shown.put("input", operation.input());
        shown.put("output", operation.output());
        shown.put("error", error(operation.error()));
        return shown;
    }

    private static @Nullable Object error(@Nullable LlmSpellException error) {
        if (error == null) {
            return null;
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("code", error.code().id());
        shown.put("message", error.text());
        shown.put("details", error.details());
        return ScriptRecord.shown(shown, error.text());
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys
    private @Nullable Object data() {
        Object data = context.data();
        return data instanceof Map<?, ?> map
                ? new ScriptRecord((Map<String, @Nullable Object>) map, null, this::helper)
                : data;
    }

    /** Names that scripts use at every point, whatever the form of its data. */
    private @Nullable Object helper(String name) {
        OperationView operation = context.operation();
        return switch (name) {
            case "input", "parameters" -> operation.input();
            case "output" -> operation.output();
            case "result" -> result(operation.output());
            case "error" -> error(operation.error());
            case "error_message" ->
                operation.error() == null ? null : operation.error().text();
            case "prompt" -> member(operation.input(), "text");
            case "tokens_used" -> member(member(operation.output(), "token_usage"), "total_tokens");
            case "attempt" -> (long) context.attempt();
            case "error_stage" -> operation.errorStage();
            case "tool_name", "agent_id", "workflow_id", "stage_name" -> named(name);
            default -> null;
        };
    }

    private @Nullable Object result(@Nullable Object output) {
        if (context.point().info().phase() == HookPhase.BEFORE) {
            return null;
        }
        if (output instanceof Map<?, ?> map && !map.containsKey("output")) {
            Map<String, @Nullable Object> shown = new LinkedHashMap<>();
            map.forEach((name, value) -> shown.put(String.valueOf(name), value));
            shown.put("output", map.containsKey("result") ? map.get("result") : output);
            return shown;
        }
        return output;
    }

    private @Nullable Object named(String name) {
        String noted = context.metadata().get(name);
        if (noted != null) {
            return noted;
        }
        Component component = context.component();
        boolean own = name.startsWith(component.type().name());
        if (!own) {
            return null;
        }
        return name.endsWith("_id") ? component.id().toString() : component.name();
    }

    private static @Nullable Object member(@Nullable Object value, String name) {
        return value instanceof Map<?, ?> map ? map.get(name) : null;
    }
}
