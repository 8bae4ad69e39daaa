package io.llmspell.bridge.globals;

import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.core.tool.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A tool in scripts; both {@code tool:execute(p)} and {@code tool.execute(p)} work, and so does {@code tool{...}}. */
final class ToolObject implements ScriptObject {
    private static final ScriptObjectType TYPE = new ScriptObjectType(
            "tool",
            memberTable(),
            List.of(
                    ScriptFunction.waiting(
                            "execute = invoke",
                            "params",
                            "Calls the tool.",
                            call -> self(call).invoke(call)),
                    ScriptFunction.plain(
                            "get_schema",
                            "",
                            "The JSON Schema of the parameters.",
                            call -> self(call).tool.info().schema())),
            call -> self(call).invoke(call),
            null,
            null,
            true);

    private final ToolGlobal global;
    private final Tool tool;

    ToolObject(ToolGlobal global, Tool tool) {
        this.global = global;
        this.tool = tool;
    }

    private static Map<String, Function<ScriptObject, @Nullable Object>> memberTable() {
        Map<String, Function<ScriptObject, @Nullable Object>> table = new LinkedHashMap<>();
        table.put("name", object -> ((ToolObject) object).tool.info().name());
        table.put("description", object -> ((ToolObject) object).tool.info().description());
        table.put("version", object -> ((ToolObject) object).tool.info().version());
        table.put("schema", object -> ((ToolObject) object).tool.info().schema());
        return table;
    }

    private static ToolObject self(ScriptCall call) {
        return call.self(ToolObject.class);
    }

    private Object invoke(ScriptCall call) {
        return global.invoke(call, tool.info().name(), 0);
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return tool.info().name();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ToolObject that && tool == that.tool;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(tool);
    }
}
