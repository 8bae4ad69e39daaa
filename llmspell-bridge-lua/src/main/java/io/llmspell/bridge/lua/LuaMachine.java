package io.llmspell.bridge.lua;

import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * The state of one sandbox's interpreter: its stacks, its guard, and the ways into it.
 *
 * <p>Lua functions calling Lua functions, {@code pcall} and coroutines use the heap only. Each time a
 * native function, a metamethod or a coroutine's resume runs Lua inside Lua one level of the Java
 * stack is used; these levels are capped at {@link #MAX_NATIVE_DEPTH}.
 *
 * <p>Threads: one owner at a time.
 */
final class LuaMachine {
    /** Levels of Lua inside native code inside Lua; a level takes one to two KiB of Java stack. */
    static final int MAX_NATIVE_DEPTH = 180;

    /** Lua calls on one stack, as in the reference implementation. */
    static final int MAX_CALL_DEPTH = 200_000;

    /** What a handler of errors may still use when the stack has overflowed. */
    private static final int HANDLER_RESERVE = 1_000;

    private static final int MAX_CALL_CHAIN = 100;
    private static final int FREE_ARGUMENTS = 32;

    final LuaGuard guard;
    final LuaMeta meta;

    /** Functions that methods of text find; per sandbox, so no script changes another's. */
    final ScriptTable stringLibrary = new ScriptTable(0, 32);

    private final LongUnaryOperator liveBytes;
    private final LuaInterpreter interpreter;
    private final LuaStack main = new LuaCoroutine(this).stack();
    private LuaStack current = main;
    private int nativeDepth;
    private int callLimit = MAX_CALL_DEPTH;
    private @Nullable ScriptError handled;

    LuaMachine(LuaGuard guard, LongUnaryOperator liveBytes) {
        this.guard = guard;
        this.liveBytes = liveBytes;
        this.meta = new LuaMeta(this);
        this.interpreter = new LuaInterpreter(this);
    }

    LuaStack current() {
        return current;
    }

    boolean isMain(LuaStack stack) {
        return stack == main;
    }

    /** The error whose handler is running, or null. */
    @Nullable ScriptError handled() {
        return handled;
    }

    /** Calls anything callable, following {@code __call}. */
    Varargs call(LuaValue function, Varargs args) {
        LuaValue called = function;
        Varargs all = args;
        for (int i = 0; i < MAX_CALL_CHAIN; i++) {
            if (called instanceof ScriptFunction script) {
                return callScript(script, all);
            }
            if (called instanceof LuaFunction) {
                return called.invoke(all);
            }
            all = LuaValue.varargsOf(called, all);
            called = callable(called);
        }
        throw error("'__call' chain too long");
    }

    /** Calls a Lua function from native code, on the stack that runs now. */
    Varargs callScript(ScriptFunction function, Varargs args) {
        enterNative();
        LuaStack stack = current;
        LuaFrame floor = stack.top;
        LuaFrame outerFloor = stack.floor;
        stack.floor = floor;
        try {
            push(stack, function, args, 0, -1);
            return interpreter.run(stack, floor);
        } finally {
            stack.cutTo(floor);
            stack.floor = outerFloor;
            nativeDepth--;
        }
    }

    /**
     * Runs {@code stack} until its coroutine yields or ends.
     *
     * @param function what the coroutine begins with, or null to go on after a yield
     */
    Varargs runCoroutine(LuaStack stack, @Nullable LuaValue function, Varargs args) {
        enterNative();
        LuaStack previous = current;
        current = stack;
        try {
            if (function instanceof ScriptFunction script) {
                push(stack, script, args, 0, -1);
            } else if (function != null) {
                return function.invoke(args);
            }
            return interpreter.run(stack, null);
        } finally {
            current = previous;
            nativeDepth--;
        }
    }

    /**
     * Removes all calls of a coroutine that does not run, closing their variables.
     *
     * @return the error that closing raised last, or nil
     */
    LuaValue closeStack(LuaStack stack) {
        enterNative();
        LuaStack previous = current;
        current = stack;
        try {
            return interpreter.unwind(stack, null, LuaValue.NIL);
        } finally {
            current = previous;
            nativeDepth--;
        }
    }

    /** Whether native code, which cannot be suspended, is between the running function and its coroutine. */
    boolean isInsideNative() {
        return current.floor != null;
    }

    private void enterNative() {
        if (nativeDepth >= MAX_NATIVE_DEPTH) {
            throw error("stack overflow (calls of Lua inside native functions)");
        }
        nativeDepth++;
    }

    /** Returns what to call in place of {@code value}, which is not a function. */
    LuaValue callable(LuaValue value) {
        LuaValue handler = meta.metamethod(value, LuaValue.CALL);
        if (handler.isnil()) {
            throw meta.typeError("call", value);
        }
        return handler;
    }

    /**
     * Begins a call: puts a frame for {@code function} on {@code stack}.
     *
     * @param resultAt the caller's register for the first result
     * @param wanted how many results the caller takes, negative for all
     */
    LuaFrame push(LuaStack stack, ScriptFunction function, Varargs args, int resultAt, int wanted) {
        chargeArguments(args.narg());
        LuaFrame frame = add(stack, function, resultAt, wanted);
        LuaValue[] registers = frame.registers;
        int params = function.code.numparams;
        for (int i = 0; i < params; i++) {
            registers[i] = args.arg(i + 1);
        }
        if (function.code.is_vararg != 0) {
            frame.extra = ownCopy(args, params);
        }
        return frame;
    }

    /** As {@link #push(LuaStack, ScriptFunction, Varargs, int, int)}, with arguments from registers. */
    LuaFrame push(LuaStack stack, ScriptFunction function, LuaValue[] from, int first, int count, int wanted) {
        LuaFrame frame = add(stack, function, first - 1, wanted);
        LuaValue[] registers = frame.registers;
        int params = function.code.numparams;
        int given = Math.min(params, count);
        for (int i = 0; i < given; i++) {
            registers[i] = from[first + i];
        }
        for (int i = given; i < params; i++) {
            registers[i] = LuaValue.NIL;
        }
        if (count > params && function.code.is_vararg != 0) {
            LuaValue[] extra = new LuaValue[count - params];
            System.arraycopy(from, first + params, extra, 0, extra.length);
            frame.extra = LuaValue.varargsOf(extra);
        }
        return frame;
    }

    /** Long argument lists are copied for every call: a few instructions could fill the heap. */
    private void chargeArguments(int count) {
        if (count > FREE_ARGUMENTS) {
            guard.charge(count);
        }
    }

    private LuaFrame add(LuaStack stack, ScriptFunction function, int resultAt, int wanted) {
        LuaFrame caller = stack.top;
        if (caller != null && caller.depth >= callLimit) {
            throw error("stack overflow");
        }
        LuaFrame frame = new LuaFrame(function, caller, resultAt, wanted);
        stack.top = frame;
        return frame;
    }

    /** Puts another function into the top frame: a call in tail position. */
    LuaFrame replace(LuaStack stack, ScriptFunction function, Varargs args) {
        LuaFrame old = stack.topFrame();
        stack.cutTo(old.caller);
        LuaFrame frame = push(stack, function, args, old.resultAt, old.wanted);
        frame.handler = old.handler;
        frame.isTail = true;
        return frame;
    }

    /** Copies the values after the first {@code skip}: a view of registers would change under it. */
    static Varargs ownCopy(Varargs values, int skip) {
        int count = values.narg() - skip;
        if (count <= 0) {
            return LuaValue.NONE;
        }
        if (count == 1) {
            return values.arg(skip + 1);
        }
        LuaValue[] copy = new LuaValue[count];
        for (int i = 0; i < count; i++) {
            copy[i] = values.arg(skip + 1 + i);
        }
        return LuaValue.varargsOf(copy);
    }

    /** Makes an error whose text begins with the position of the running Lua function. */
    ScriptError error(String message) {
        return new ScriptError(LuaText.of(position(1) + message));
    }

    /** Returns {@code chunk:line: } of the {@code level}th running Lua function, or nothing. */
    String position(int level) {
        LuaFrame frame = current.top;
        for (int i = 1; i < level && frame != null; i++) {
            frame = frame.caller;
        }
        return level < 1 || frame == null ? "" : LuaNames.position(frame);
    }

    /** Turns whatever a call threw into an error a script can catch. */
    ScriptError asScriptError(Throwable thrown) {
        if (thrown instanceof ScriptError error) {
            return error;
        }
        if (thrown instanceof StackOverflowError) {
            return error("stack overflow");
        }
        if (thrown instanceof LuaError foreign) {
            LuaValue value = foreign.getMessageObject();
            if (!(value instanceof LuaString text)) {
                return new ScriptError(value, foreign.getCause());
            }
            if (foreign.getCause() == null) {
                return error(LuaText.toJavaLossy(text));
            }
        }
        // The text of a foreign exception may tell secrets of the host; scripts get none of it.
        return new ScriptError(LuaText.of(position(1) + "internal error"), thrown);
    }

    /** Calls {@code __close}; after an error with the reserve that handlers have. */
    void close(LuaValue handler, LuaValue value, LuaValue error) {
        int outerLimit = callLimit;
        callLimit = error.isnil() ? outerLimit : MAX_CALL_DEPTH + HANDLER_RESERVE;
        try {
            call(handler, LuaValue.varargsOf(value, error));
        } finally {
            callLimit = outerLimit;
        }
    }

    /** Runs the handler of an xpcall on {@code error}, the stack still as it was. */
    LuaValue handle(LuaValue handler, ScriptError error) {
        ScriptError outer = handled;
        int outerLimit = callLimit;
        handled = error;
        callLimit = MAX_CALL_DEPTH + HANDLER_RESERVE;
        try {
            return call(handler, error.value()).arg1();
        } catch (RuntimeException | StackOverflowError again) {
            return LuaText.of("error in error handling");
        } finally {
            callLimit = outerLimit;
            handled = outer;
        }
    }

    /** {@code tostring}, with {@code __tostring} and {@code __name}. */
    LuaString tostring(LuaValue value) {
        if (value instanceof LuaString text) {
            return text;
        }
        LuaValue handler = meta.metamethod(value, LuaValue.TOSTRING);
        if (!handler.isnil()) {
            LuaValue text = call(handler, value).arg1();
            if (text instanceof LuaString given) {
                return given;
            }
            if (text.isnumber()) {
                return LuaNumbers.text(text);
            }
            throw error("'__tostring' must return a string");
        }
        return meta.plainText(value);
    }

    /** The metatable of {@code value}, or null. */
    @Nullable LuaTable metatable(LuaValue value) {
        return value.getmetatable() instanceof LuaTable table ? table : null;
    }

    /** Measures what the script keeps alive, charging for the walk. */
    long liveBytes() {
        long live = liveBytes.applyAsLong(Long.MAX_VALUE);
        guard.chargeBytes((int) Math.min(live, Integer.MAX_VALUE));
        return live;
    }

    void visit(LiveSize walk) {
        walk.add(stringLibrary);
        walk.add(main.coroutine);
        for (LuaStack stack = current; stack != main; stack = stack.coroutine.resumer()) {
            walk.add(stack.coroutine);
        }
    }
}
