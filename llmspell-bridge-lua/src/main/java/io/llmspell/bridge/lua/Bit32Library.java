package io.llmspell.bridge.lua;

import org.luaj.vm2.Varargs;

/** The table {@code bit32} of Lua 5.2: operations on unsigned 32-bit numbers. */
final class Bit32Library extends LibraryFunction {
    private static final String[] NAMES = {
        "arshift", "band", "bnot", "bor", "btest", "bxor", "extract", "lrotate", "lshift", "replace", "rrotate",
        "rshift"
    };
    private static final long MASK = 0xffffffffL;
    private static final int BITS = 32;

    private Bit32Library(LuaMachine machine, String name, int number) {
        super(machine, name, number);
    }

    static ScriptTable create(LuaMachine machine) {
        ScriptTable library = new ScriptTable(0, 16);
        for (int i = 0; i < NAMES.length; i++) {
            library.rawset(LuaText.of(NAMES[i]), new Bit32Library(machine, NAMES[i], i));
        }
        return library;
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (number) {
            case 0 -> arithmeticShift(bits(args, 1), integer(args, 2));
            case 1 -> unsigned(all(args));
            case 2 -> unsigned(~bits(args, 1));
            case 3, 5 -> unsigned(combined(args));
            case 4 -> valueOf(all(args) != 0);
            case 6 -> extract(args);
            case 7 -> rotate(bits(args, 1), integer(args, 2));
            case 8 -> unsigned(shift(bits(args, 1), integer(args, 2)));
            case 9 -> replace(args);
            case 10 -> rotate(bits(args, 1), -integer(args, 2));
            default -> unsigned(shift(bits(args, 1), -integer(args, 2)));
        };
    }

    private static Varargs unsigned(long bits) {
        return valueOfLong(bits & MASK);
    }

    private long bits(Varargs args, int index) {
        double number = number(args, index);
        double rest = LuaArithmetic.modulo(Math.rint(number), MASK + 1.0);
        return Double.isNaN(rest) ? 0 : (long) rest;
    }

    private long all(Varargs args) {
        long bits = MASK;
        for (int i = 1; i <= args.narg(); i++) {
            bits &= bits(args, i);
        }
        return bits;
    }

    private long combined(Varargs args) {
        long bits = 0;
        for (int i = 1; i <= args.narg(); i++) {
            bits = number == 3 ? bits | bits(args, i) : bits ^ bits(args, i);
        }
        return bits;
    }

    /** Shifts to the left, or to the right by a negative distance. */
    private static long shift(long bits, long distance) {
        if (Math.abs(distance) >= BITS) {
            return 0;
        }
        return distance >= 0 ? bits << distance : bits >>> -distance;
    }

    private static Varargs arithmeticShift(long bits, long distance) {
        if (distance < 0) {
            return unsigned(shift(bits, -distance));
        }
        return unsigned((int) bits >> Math.min(distance, BITS - 1));
    }

    private static Varargs rotate(long bits, long distance) {
        return unsigned(Integer.rotateLeft((int) bits, Math.floorMod(distance, BITS)));
    }

    private Varargs extract(Varargs args) {
        long field = integer(args, 2);
        long width = width(args, 3, field);
        return unsigned((bits(args, 1) >>> field) & ((1L << width) - 1));
    }

    private Varargs replace(Varargs args) {
        long field = integer(args, 3);
        long mask = (1L << width(args, 4, field)) - 1;
        return unsigned((bits(args, 1) & ~(mask << field)) | ((bits(args, 2) & mask) << field));
    }

    private long width(Varargs args, int index, long field) {
        long width = optionalInteger(args, index, 1);
        if (field < 0) {
            throw badArgument(index - 1, "field cannot be negative");
        }
        if (width <= 0) {
            throw badArgument(index, "width must be positive");
        }
        if (field + width > BITS) {
            throw machine.error("trying to access non-existent bits");
        }
        return width;
    }
}
