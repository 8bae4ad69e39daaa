package io.llmspell.bridge.globals;

import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookAdapter;
import io.llmspell.core.hook.HookContext;
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
    private final Duration limit;

    ScriptHook(GlobalServices services, ScriptCallback handler, Duration limit) {
        this.services = services;
        this.handler = handler;
        this.limit = limit;
    }

    @Override
    public HookResult execute(HookContext context) {
        Caller caller = context.caller()
                .as(handler.session().caller().principal())
                .in(handler.session().language());
        HookContextObject shown = context(context);
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
