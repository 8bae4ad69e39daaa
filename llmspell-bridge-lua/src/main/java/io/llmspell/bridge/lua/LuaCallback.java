package io.llmspell.bridge.lua;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.script.ScriptSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** A Lua function that the host holds. */
final class LuaCallback implements ScriptCallback {
    private final LuaBox box;
    private final LuaFunction function;

    LuaCallback(LuaBox box, LuaFunction function) {
        this.box = box;
        this.function = function;
    }

    LuaFunction function() {
        return function;
    }

    @Override
    public ScriptSession session() {
        return box.session;
    }

    @Override
    public String place() {
        if (function instanceof ScriptFunction script) {
            return LuaNames.chunk(script.code) + ":" + script.code.linedefined;
        }
        return "a built-in function";
    }

    @Override
    public @Nullable Object call(Caller caller, Duration limit, @Nullable Object... arguments) {
        return box.owner.<@Nullable Object>call(
                caller.correlation(), limit, place(), () -> run(caller, limit, arguments));
    }

    @Override
    public CompletionStage<@Nullable Object> post(Caller caller, Duration limit, @Nullable Object... arguments) {
        return box.owner.post(caller.correlation(), place(), () -> run(caller, limit, arguments));
    }

    /** On the owner. A call that overruns its limit is cut by the interpreter; the script itself goes on. */
    private @Nullable Object run(Caller caller, Duration limit, @Nullable Object... arguments) {
        LuaGuard guard = box.sandbox.guard();
        Caller outer = box.session.callback(caller);
        int level = guard.enter(box.session.nanos() + limit.toNanos());
        try {
            LuaValue[] given = new LuaValue[arguments.length];
            for (int i = 0; i < given.length; i++) {
                given[i] = box.values.toLua(arguments[i]);
            }
            Varargs results = box.sandbox.call(function, LuaValue.varargsOf(given));
            return results.narg() == 0 ? null : box.values.toHost(results.arg1());
        } catch (ScriptError error) {
            throw LuaErrors.uncaught(box, error);
        } catch (LuaStop stop) {
            if (!guard.expiredAt(level)) {
                throw stop; // the script itself must end
            }
            throw new ScriptException(
                    ErrorCode.HOOK_TIMEOUT,
                    "the function at " + place() + " ran longer than " + limit.toMillis() + " ms and was cut",
                    Map.of("limit_ms", limit.toMillis()),
                    List.of(),
                    null);
        } finally {
            guard.exit(level);
            box.session.callback(outer);
        }
    }
}
