package io.llmspell.bridge.globals;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The metadata of a hook context: reads and writes go straight to the operation. */
final class MetadataObject implements ScriptObject {
    private static final ScriptObjectType TYPE = new ScriptObjectType(
            "hook metadata",
            Map.of(),
            List.of(),
            null,
            (object, name) -> ((MetadataObject) object).context.metadata().get(name),
            MetadataObject::write,
            false);

    private final HookContext context;

    MetadataObject(HookContext context) {
        this.context = context;
    }

    private static void write(ScriptObject object, String name, @Nullable Object value) {
        if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            throw new ArgumentException("ctx.metadata." + name + " must be a text, a number or a boolean, but is "
                    + (value instanceof ScriptCallback ? "a function" : JsonValueException.typeName(value))
                    + "; write a table as JSON.stringify(value)");
        }
        ((MetadataObject) object).context.putMetadata(name, String.valueOf(value));
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public Map<String, String> listed() {
        return context.metadata();
    }

    @Override
    public String id() {
        return "metadata of " + context.operation().id();
    }
}
