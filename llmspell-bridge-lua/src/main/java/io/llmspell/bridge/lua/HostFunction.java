package io.llmspell.bridge.lua;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/** A function of the host in Lua; its errors become error tables that scripts can catch. */
final class HostFunction extends VarArgFunction {
    private final LuaBox box;
    private final Body body;
    private final @Nullable String label;

    HostFunction(LuaBox box, Body body) {
        this(box, null, body);
    }

    /** A function of a global or handle; its label is the operation of its errors. */
    HostFunction(LuaBox box, @Nullable String label, Body body) {
        this.box = box;
        this.label = label;
        this.body = body;
    }

    @Override
    public Varargs invoke(Varargs args) {
        try {
            Varargs results = body.call(args);
            box.sandbox.guard().checkAfterReturn(); // a callback inside may have ended the script
            return results;
        } catch (io.llmspell.core.script.ScriptExit exit) {
            throw new LuaExit(exit.status());
        } catch (org.luaj.vm2.LuaError error) {
            throw error;
        } catch (RuntimeException failed) {
            box.sandbox.guard().checkAfterReturn(); // a script that must end cannot catch the end of its wait
            throw box.errors.toLua(failed, label);
        }
    }

    /** What the function does. */
    @FunctionalInterface
    interface Body {
        Varargs call(Varargs args);
    }
}
