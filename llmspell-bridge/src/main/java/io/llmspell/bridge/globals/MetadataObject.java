package io.llmspell.bridge.globals;

import io.llmspell.core.hook.HookContext;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import java.util.List;
import java.util.Map;

/** The metadata of a hook context: reads and writes go straight to the operation. */
final class MetadataObject implements ScriptObject {
    private static final ScriptObjectType TYPE = new ScriptObjectType(
            "hook metadata",
            Map.of(),
            List.of(),
            null,
            (object, name) -> ((MetadataObject) object).context.metadata().get(name),
            (object, name, value) -> ((MetadataObject) object).context.putMetadata(name, String.valueOf(value)),
            false);

    private final HookContext context;

    MetadataObject(HookContext context) {
        this.context = context;
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return "metadata of " + context.operation().id();
    }
}
