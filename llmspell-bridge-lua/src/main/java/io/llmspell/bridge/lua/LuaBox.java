package io.llmspell.bridge.lua;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.script.ScriptHost;
import io.llmspell.core.script.ScriptObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Varargs;

/** A running sandbox with what the host put around it. For the owner of the engine. */
final class LuaBox {
    final LuaSandbox sandbox;
    final LuaSession session;
    final LuaOwner owner;
    final LuaValues values;
    final LuaErrors errors;
    final CallbackRoots roots = new CallbackRoots();
    private final ScriptHost host;

    LuaBox(LuaSandbox sandbox, LuaSession session, LuaOwner owner, ScriptHost host) {
        this.sandbox = sandbox;
        this.session = session;
        this.owner = owner;
        this.host = host;
        this.errors = new LuaErrors(sandbox.machine(), session);
        this.values = new LuaValues(this);
        sandbox.hold(roots);
    }

    /** The arguments of a call that the script makes. */
    ScriptCall call(String function, @Nullable ScriptObject self, Varargs args) {
        List<@Nullable Object> arguments = new ArrayList<>(args.narg());
        for (int i = 1; i <= args.narg(); i++) {
            arguments.add(values.toHost(args.arg(i)));
        }
        return new ScriptCall(function, self, arguments, session.present(), session);
    }

    /** The error of a script that was stopped, for whoever called into it. */
    LlmSpellException stopped(LuaStopReason reason) {
        return switch (reason) {
            case INSTRUCTIONS ->
                LimitException.exceeded(
                        "scripts.limits.max_instructions",
                        String.valueOf(host.limits().maxInstructions()),
                        "the script ran more instructions than allowed");
            case MEMORY ->
                LimitException.exceeded(
                        "scripts.limits.max_memory",
                        (host.limits().maxMemoryBytes() >> 20) + " MiB",
                        "the script keeps more memory than allowed");
            case TIME, CALL_DEADLINE ->
                LimitException.exceeded(
                        "scripts.limits.timeout",
                        host.limits().timeout().toMillis() + " ms",
                        "the script ran longer than allowed");
            case CANCELLED -> session.exit() == null ? new CancelledException("the script") : ended();
            case CLOSED -> ended();
        };
    }

    private ScriptException ended() {
        return ScriptException.closed("a function of the engine " + session.id());
    }
}
