package io.llmspell.bridge.lua;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The table {@code debug}, which has {@code traceback} and nothing that reaches behind the language. */
final class DebugLibrary extends LibraryFunction {
    private DebugLibrary(LuaMachine machine) {
        super(machine, "traceback", 0);
    }

    static ScriptTable create(LuaMachine machine) {
        ScriptTable library = new ScriptTable(0, 1);
        library.rawset(LuaText.of("traceback"), new DebugLibrary(machine));
        return library;
    }

    @Override
    public Varargs invoke(Varargs args) {
        boolean isOther = args.arg1() instanceof LuaCoroutine;
        LuaValue message = args.arg(isOther ? 2 : 1);
        if (!(message.isnil() || message instanceof LuaString || message instanceof LuaNumber)) {
            return message;
        }
        long level = optionalInteger(args, isOther ? 3 : 2, isOther ? 0 : 1);
        String stack = trace(isOther ? (LuaCoroutine) args.arg1() : null, (int) Math.min(level, 1 << 20))
                .text();
        if (message.isnil()) {
            return LuaText.of(stack);
        }
        LuaValue[] parts = {message, LuaText.of("\n" + stack)};
        return machine.meta.concat(parts, 0, 1);
    }

    private LuaTraceback trace(@Nullable LuaCoroutine other, int level) {
        if (other != null) {
            return LuaTraceback.of(other.stack(), level);
        }
        ScriptError handled = machine.handled();
        // Inside a handler of xpcall the interest is where the error was, not where the handler is.
        return handled != null && handled.hasTrace()
                ? handled.trace()
                : LuaTraceback.of(machine.current(), Math.max(level - 1, 0));
    }
}
