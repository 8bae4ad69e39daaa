package io.llmspell.bridge.lua;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaDouble;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/**
 * A function of the standard library.
 *
 * <p>A library is one class; its functions are instances of it that differ by their number, the place
 * of their name in the library's list. That costs a new sandbox an object each and no lambda linkage.
 */
abstract class LibraryFunction extends VarArgFunction {
    final LuaMachine machine;

    /** The place of this function in its library's list of names. */
    final int number;

    LibraryFunction(LuaMachine machine, String name, int number) {
        this.machine = machine;
        this.name = name;
        this.number = number;
    }

    @Override
    public abstract Varargs invoke(Varargs args);

    final ScriptError badArgument(int index, String problem) {
        return machine.error("bad argument #" + index + " to '" + name + "' (" + problem + ")");
    }

    private ScriptError typeError(Varargs args, int index, String expected) {
        String got = args.narg() < index ? "no value" : machine.meta.typeName(args.arg(index));
        return badArgument(index, expected + " expected, got " + got);
    }

    /** The argument, which must be there, though it may be nil. */
    final LuaValue any(Varargs args, int index) {
        if (args.narg() < index) {
            throw badArgument(index, "value expected");
        }
        return args.arg(index);
    }

    final LuaTable table(Varargs args, int index) {
        if (args.arg(index) instanceof LuaTable table) {
            return table;
        }
        throw typeError(args, index, "table");
    }

    final LuaValue function(Varargs args, int index) {
        LuaValue value = args.arg(index);
        if (value.isfunction()) {
            return value;
        }
        throw typeError(args, index, "function");
    }

    final LuaCoroutine coroutine(Varargs args, int index) {
        if (args.arg(index) instanceof LuaCoroutine coroutine) {
            return coroutine;
        }
        throw typeError(args, index, "coroutine");
    }

    final LuaString string(Varargs args, int index) {
        LuaValue value = args.arg(index);
        if (value instanceof LuaString text) {
            return text;
        }
        if (value instanceof LuaNumber) {
            return LuaNumbers.text(value);
        }
        throw typeError(args, index, "string");
    }

    final @Nullable LuaString optionalString(Varargs args, int index) {
        return args.arg(index).isnil() ? null : string(args, index);
    }

    final double number(Varargs args, int index) {
        LuaNumber number = machine.meta.number(args.arg(index));
        if (number == null) {
            throw typeError(args, index, "number");
        }
        return number.todouble();
    }

    /** The argument without its fraction; a number out of range is an error. */
    final long integer(Varargs args, int index) {
        LuaValue value = args.arg(index);
        if (value instanceof LuaInteger small) {
            return small.v;
        }
        double number = number(args, index);
        if (Double.isNaN(number) || Math.abs(number) > 0x1p62) {
            throw badArgument(index, "number has no integer representation");
        }
        return (long) number;
    }

    final long optionalInteger(Varargs args, int index, long otherwise) {
        return args.arg(index).isnil() ? otherwise : integer(args, index);
    }

    /** Turns a position that may count from the end into one from the start. */
    static long position(long given, int length) {
        if (given >= 0) {
            return given;
        }
        return -given > length ? 0 : length + given + 1;
    }

    static LuaValue valueOfLong(long value) {
        return LuaInteger.valueOf(value);
    }

    static LuaValue valueOfDouble(double value) {
        return LuaDouble.valueOf(value);
    }

    /** Makes the values {@code nil, message} that functions give for what they cannot do. */
    static Varargs failure(String message) {
        return varargsOf(NIL, LuaText.of(message));
    }
}
