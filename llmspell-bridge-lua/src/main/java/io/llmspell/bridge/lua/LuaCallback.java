package io.llmspell.bridge.lua;

import io.llmspell.core.concurrent.Handle;
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

    @Override
    public Handle retain() {
        return box.roots.add(function);
    }

    /** On the owner. A call that overruns its limit is cut by the interpreter; the script itself goes on. */
    private @Nullable Object run(Caller caller, Duration limit, @Nullable Object... arguments) {
        LuaGuard guard = box.sandbox.guard();
        Caller outer = box.session.callback(caller);
        if (box.owner.isOutermost()) {
            guard.recount();
        }
        long deadline = box.session.nanos() + limit.toNanos();
        long outerDeadline = box.owner.limit(deadline);
        int level = guard.enter(deadline);
        try {
            LuaValue[] given = new LuaValue[arguments.length];
            for (int i = 0; i < given.length; i++) {
                given[i] = box.values.toLua(arguments[i]);
            }
            Varargs results = box.sandbox.call(function, LuaValue.varargsOf(given));
            return results.narg() == 0 ? null : box.values.toHost(results.arg1());
        } catch (ScriptError error) {
            boolean waitedTooLong = deadline - box.session.nanos() <= 0;
            throw waitedTooLong ? cut(limit) : LuaErrors.uncaught(box, error);
        } catch (LuaExit exit) {
            box.session.exit(exit.code());
            guard.stop(LuaStopReason.CANCELLED);
            throw box.stopped(LuaStopReason.CANCELLED);
        } catch (LuaStop stop) {
            // A reason that ends the script itself stays in the guard, whoever gets this error.
            LuaStopReason reason = stop.reason();
            throw reason == LuaStopReason.CALL_DEADLINE ? cut(limit) : box.stopped(reason);
        } finally {
            guard.exit(level);
            box.owner.unlimit(outerDeadline);
            box.session.callback(outer);
        }
    }

    private ScriptException cut(Duration limit) {
        return new ScriptException(
                ErrorCode.HOOK_TIMEOUT,
                "the function at " + place() + " ran longer than " + limit.toMillis() + " ms and was cut",
                Map.of("limit_ms", limit.toMillis()),
                List.of(),
                null);
    }
}
