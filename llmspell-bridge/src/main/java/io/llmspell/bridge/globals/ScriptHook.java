package io.llmspell.bridge.globals;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookAdapter;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hook written in a script.
 *
 * <p>It runs with the rights of whoever registered it, and with the run, depth and parent of the operation. One that the
 * code of an agent registered sees the operations of that agent alone.
 */
final class ScriptHook implements Hook, HookAdapter<HookContextObject, Object> {
    private final GlobalServices services;
    private final ScriptCallback handler;
    private final Principal registrar;
    private final HookOptions options;

    ScriptHook(GlobalServices services, ScriptCallback handler, Principal registrar, HookOptions options) {
        this.services = services;
        this.handler = handler;
        this.registrar = registrar;
        this.options = options;
    }

    @Override
    public HookResult execute(HookContext context) {
        if (Rights.bound(registrar) && !registrar.equals(context.caller().principal())) {
            return HookResult.skipped("not an operation of " + registrar.text());
        }
        Caller caller = context.caller().as(registrar).in(handler.session().language());
        HookContextObject shown = context(context);
        // The interpreter cuts a handler where the gate would give up waiting for it.
        Duration limit = services.hookParts().settings().deadline(context.point(), options);
        return HookResults.read(called(caller, limit, context, shown), context, services);
    }

    /** Calls the handler; that it was late, or could not start, is said in the gate's own words. */
    private @Nullable Object called(Caller caller, Duration limit, HookContext context, HookContextObject shown) {
        try {
            return handler.call(caller, limit, shown);
        } catch (ScriptException failed) {
            if (failed.code().equals(ErrorCode.HOOK_TIMEOUT)) {
                throw told(ErrorCode.HOOK_TIMEOUT, context, failed);
            }
            throw failed.code().equals(ErrorCode.ENGINE_CLOSED)
                    ? told(ErrorCode.HOOK_UNAVAILABLE, context, failed)
                    : failed;
        } catch (LimitException limited) {
            throw limited.code().equals(ErrorCode.TIMEOUT)
                    ? told(ErrorCode.HOOK_UNAVAILABLE, context, limited)
                    : limited;
        }
    }

    private HookException told(ErrorCode code, HookContext context, LlmSpellException why) {
        return new HookException(
                code,
                why.text(),
                Map.of("hook", options.name(), "point", context.point().name()),
                why);
    }

    @Override
    public HookContextObject context(HookContext context) {
        return new HookContextObject(services, context);
    }

    @Override
    public HookResult result(@Nullable Object raw) {
        return HookResults.read(raw);
    }
}
