package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import java.util.List;
import java.util.Map;

/** The handle of a hook in scripts. */
final class HookHandleObject implements ScriptObject {
    private static final ScriptObjectType TYPE = ScriptObjectType.of(
            "hook",
            Map.of(),
            List.of(
                    ScriptFunction.plain(
                            "id", "", "The id of the hook.", call -> self(call).id()),
                    ScriptFunction.plain(
                            "name",
                            "",
                            "The name of the hook.",
                            call -> self(call).handle.info().name()),
                    ScriptFunction.plain(
                            "hook_point",
                            "",
                            "The point of the hook.",
                            call -> self(call).handle.info().point().name()),
                    ScriptFunction.plain(
                            "enable",
                            "",
                            "Switches the hook on; gives whether it was on before.",
                            call -> self(call).handle.enabled(true)),
                    ScriptFunction.plain(
                            "disable",
                            "",
                            "Switches the hook off; gives whether it was on before.",
                            call -> self(call).handle.enabled(false)),
                    ScriptFunction.plain(
                            "metrics",
                            "",
                            "The figures of the hook, also after its end.",
                            call -> HookFigures.of(self(call).handle.metrics())),
                    ScriptFunction.plain(
                            "unregister",
                            "",
                            "Removes the hook: true, later false.",
                            call -> self(call).unregister())));

    private final HookHandle handle;
    private Handle owned = Handle.noop();

    HookHandleObject(HookHandle handle) {
        this.handle = handle;
    }

    private static HookHandleObject self(ScriptCall call) {
        return call.self(HookHandleObject.class);
    }

    void owned(Handle byEngine) {
        this.owned = byEngine;
    }

    boolean unregister() {
        boolean first = handle.unregister();
        owned.close();
        return first;
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return handle.info().id();
    }
}
