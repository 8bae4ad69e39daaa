package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The table {@code table}. Elements are read and written without metamethods, as in Lua 5.2. */
final class TableLibrary extends LibraryFunction {
    private static final String[] NAMES = {"concat", "insert", "maxn", "move", "pack", "remove", "sort", "unpack"};
    private static final LuaString COUNT = LuaText.of("n");
    private static final LuaString EMPTY = LuaText.of("");
    private static final int MAX_UNPACKED = 1_000_000;

    private TableLibrary(LuaMachine machine, String name, int number) {
        super(machine, name, number);
    }

    static ScriptTable create(LuaMachine machine) {
        ScriptTable library = new ScriptTable(0, 8);
        for (int i = 0; i < NAMES.length; i++) {
            library.rawset(LuaText.of(NAMES[i]), new TableLibrary(machine, NAMES[i], i));
        }
        return library;
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (number) {
            case 0 -> concat(args);
            case 1 -> insert(args);
            case 2 -> maxIndex(table(args, 1));
            case 3 -> move(args);
            case 4 -> pack(args);
            case 5 -> remove(args);
            case 6 -> sort(args);
            default -> unpack(this, args);
        };
    }

    private long length(LuaTable table) {
        LuaValue length = machine.meta.length(table);
        if (length instanceof LuaNumber) {
            return length.tolong();
        }
        throw machine.error("object length is not a number");
    }

    private static LuaValue get(LuaTable table, long index) {
        return index == (int) index ? table.rawget((int) index) : table.rawget(valueOfLong(index));
    }

    private static void set(LuaTable table, long index, LuaValue value) {
        if (index == (int) index) {
            table.rawset((int) index, value);
        } else {
            table.rawset(valueOfLong(index), value);
        }
    }

    private Varargs concat(Varargs args) {
        LuaTable table = table(args, 1);
        LuaString given = optionalString(args, 2);
        LuaString separator = given == null ? EMPTY : given;
        long first = optionalInteger(args, 3, 1);
        long last = args.arg(4).isnil() ? length(table) : integer(args, 4);
        LuaBuffer joined = new LuaBuffer(machine.guard);
        for (long i = first; i <= last; i++) {
            machine.guard.tick();
            LuaValue value = get(table, i);
            if (value instanceof LuaString text) {
                joined.add(text);
            } else if (value instanceof LuaNumber) {
                joined.add(LuaNumbers.text(value));
            } else {
                throw machine.error("invalid value (" + machine.meta.typeName(value) + ") at index " + i
                        + " in table for 'concat'");
            }
            if (i < last) {
                joined.add(separator);
            }
        }
        return joined.toText();
    }

    private Varargs insert(Varargs args) {
        LuaTable table = table(args, 1);
        long end = length(table) + 1;
        switch (args.narg()) {
            case 2 -> set(table, end, args.arg(2));
            case 3 -> {
                long at = integer(args, 2);
                if (at < 1 || at > end) {
                    throw badArgument(2, "position out of bounds");
                }
                for (long i = end; i > at; i--) {
                    chargeMoved(i);
                    set(table, i, get(table, i - 1));
                }
                set(table, at, args.arg(3));
            }
            default -> throw machine.error("wrong number of arguments to 'insert'");
        }
        return NONE;
    }

    private Varargs remove(Varargs args) {
        LuaTable table = table(args, 1);
        long size = length(table);
        long at = optionalInteger(args, 2, size);
        if (args.narg() >= 2 && size + 1 != at && (at < 1 || at > size + 1) && !(size == 0 && at == 0)) {
            throw badArgument(2, "position out of bounds");
        }
        LuaValue removed = get(table, at);
        for (long i = at; i < size; i++) {
            chargeMoved(i);
            set(table, i, get(table, i + 1));
        }
        if (at <= size || !removed.isnil()) {
            set(table, Math.max(at, size), NIL);
        }
        return removed;
    }

    /** Moving an element costs about a quarter of an instruction. */
    private void chargeMoved(long index) {
        if ((index & 3) == 0) {
            machine.guard.tick();
        }
    }

    private Varargs move(Varargs args) {
        LuaTable from = table(args, 1);
        long first = integer(args, 2);
        long last = integer(args, 3);
        long to = integer(args, 4);
        LuaTable target = args.arg(5).isnil() ? from : table(args, 5);
        if (last >= first) {
            if (first <= 0 && last >= Long.MAX_VALUE / 2 + first) {
                throw badArgument(3, "too many elements to move");
            }
            boolean isForward = to > last || to <= first || !LuaMeta.isSame(from, target);
            for (long n = 0; n <= last - first; n++) {
                machine.guard.tick();
                long offset = isForward ? n : last - first - n;
                set(target, to + offset, get(from, first + offset));
            }
        }
        return target;
    }

    private Varargs pack(Varargs args) {
        int count = args.narg();
        machine.guard.charge(count);
        ScriptTable table = new ScriptTable(count, 1);
        for (int i = 1; i <= count; i++) {
            table.rawset(i, args.arg(i));
        }
        table.rawset(COUNT, LuaInteger.valueOf(count));
        return table;
    }

    /** {@code table.unpack} and {@code unpack}. */
    static Varargs unpack(LibraryFunction function, Varargs args) {
        LuaMachine machine = function.machine;
        LuaTable table = function.table(args, 1);
        long first = function.optionalInteger(args, 2, 1);
        long last = args.arg(3).isnil() ? machine.meta.length(table).tolong() : function.integer(args, 3);
        if (last < first) {
            return NONE;
        }
        if (last - first >= MAX_UNPACKED || last - first < 0) {
            throw machine.error("too many results to unpack");
        }
        int count = (int) (last - first + 1);
        machine.guard.reserve(8L * count);
        machine.guard.charge(count);
        LuaValue[] values = new LuaValue[count];
        for (int i = 0; i < count; i++) {
            values[i] = get(table, first + i);
        }
        return varargsOf(values);
    }

    private Varargs maxIndex(LuaTable table) {
        double max = 0;
        for (Varargs entry = table.next(NIL); !entry.arg1().isnil(); entry = table.next(entry.arg1())) {
            machine.guard.tick();
            if (entry.arg1() instanceof LuaNumber) {
                max = Math.max(max, entry.arg1().todouble());
            }
        }
        return valueOfDouble(max);
    }

    private Varargs sort(Varargs args) {
        LuaTable table = table(args, 1);
        LuaValue order = args.arg(2);
        if (!order.isnil()) {
            function(args, 2);
        }
        long size = length(table);
        if (size > Integer.MAX_VALUE / 2) {
            throw badArgument(1, "array too big");
        }
        new TableSort(machine, table, order).sort(1, (int) size);
        return NONE;
    }
}
