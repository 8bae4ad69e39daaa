package io.llmspell.bridge.lua;

import io.llmspell.core.script.ScriptCall;
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

    LuaBox(LuaSandbox sandbox, LuaSession session, LuaOwner owner) {
        this.sandbox = sandbox;
        this.session = session;
        this.owner = owner;
        this.errors = new LuaErrors(sandbox.machine());
        this.values = new LuaValues(this);
    }

    /** The arguments of a call that the script makes. */
    ScriptCall call(String function, @Nullable ScriptObject self, Varargs args) {
        List<@Nullable Object> arguments = new ArrayList<>(args.narg());
        for (int i = 1; i <= args.narg(); i++) {
            arguments.add(values.toHost(args.arg(i)));
        }
        return new ScriptCall(function, self, arguments, session.present(), session);
    }
}
