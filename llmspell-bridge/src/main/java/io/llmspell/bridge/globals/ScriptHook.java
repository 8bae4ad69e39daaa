package io.llmspell.bridge.globals;

import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookAdapter;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.script.ScriptCallback;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A hook written in a script.
 *
 * <p>It runs with the rights of the script that registered it, and with the run, depth and parent of the operation.
 */
final class ScriptHook implements Hook, HookAdapter<HookContextObject, Object> {
    private final GlobalServices services;
    private final ScriptCallback handler;
    private final HookOptions options;

    ScriptHook(GlobalServices services, ScriptCallback handler, HookOptions options) {
        this.services = services;
        this.handler = handler;
        this.options = options;
    }

    @Override
    public HookResult execute(HookContext context) {
        Caller caller = context.caller()
                .as(handler.session().caller().principal())
                .in(handler.session().language());
        HookContextObject shown = context(context);
        // The interpreter cuts a handler where the gate would give up waiting for it.
        Duration limit = services.hookParts().settings().deadline(context.point(), options);
        return HookResults.read(handler.call(caller, limit, shown), context, services);
    }

    @Override
    public HookContextObject context(HookContext context) {
        return new HookContextObject(context);
    }

    @Override
    public HookResult result(@Nullable Object raw) {
        return HookResults.read(raw);
    }
}
