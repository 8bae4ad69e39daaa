package io.llmspell.bridge.lua;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;

/**
 * An error a script raised or met: any Lua value, with the Lua stack where it was raised.
 *
 * <p>Every error that leaves a sandbox is one of these. It has no Java stack trace.
 */
final class ScriptError extends LuaError {
    private static final long serialVersionUID = 1L;

    private final transient LuaValue value;
    private final @Nullable Throwable origin;
    private transient @Nullable LuaTraceback trace;

    ScriptError(LuaValue value) {
        this(value, null);
    }

    ScriptError(LuaValue value, @Nullable Throwable origin) {
        super("");
        this.value = value;
        this.origin = origin;
    }

    /** The value {@code pcall} gives the script. */
    LuaValue value() {
        return value;
    }

    /** The Lua stack where the error was raised; empty if it never passed a Lua function. */
    LuaTraceback trace() {
        LuaTraceback now = trace;
        return now == null ? new LuaTraceback(List.of()) : now;
    }

    boolean hasTrace() {
        return trace != null;
    }

    void trace(LuaTraceback where) {
        trace = where;
    }

    @Override
    public LuaValue getMessageObject() {
        return value;
    }

    @Override
    public String getMessage() {
        if (value instanceof LuaString text) {
            return LuaText.toJavaLossy(text);
        }
        return "(error object is a " + value.typename() + " value)";
    }

    @Override
    public @Nullable Throwable getCause() {
        return origin;
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
