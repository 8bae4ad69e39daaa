package io.llmspell.bridge.lua;

import java.io.ByteArrayOutputStream;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The functions without a table: {@code print}, {@code pairs}, {@code setmetatable} and so on. */
final class BaseLibrary extends LibraryFunction {
    private static final String[] NAMES = {
        "assert", "collectgarbage", "error", "getmetatable", "ipairs", "load", "loadstring", "next", "pairs", "print",
        "rawequal", "rawget", "rawlen", "rawset", "select", "setmetatable", "tonumber", "tostring", "type", "unpack",
        "ipairs iterator"
    };
    private static final int IPAIRS_NUMBER = 4;
    private static final int LOADSTRING = 6;
    private static final int NEXT = 7;
    private static final int NEXT_INDEX = NAMES.length - 1;

    private static final LuaString PAIRS = LuaText.of("__pairs");
    private static final LuaString IPAIRS = LuaText.of("__ipairs");
    private static final LuaString COUNT_OPTION = LuaText.of("count");
    private static final LuaString SIZE = LuaText.of("#");
    private static final LuaString TAB = LuaText.of("\t");
    private static final LuaString LINE_END = LuaText.of("\n");
    private static final LuaString[] TYPES = {
        LuaText.of("nil"),
        LuaText.of("boolean"),
        LuaText.of("userdata"),
        LuaText.of("number"),
        LuaText.of("string"),
        LuaText.of("table"),
        LuaText.of("function"),
        LuaText.of("userdata"),
        LuaText.of("thread")
    };
    private static final int MAX_CHUNK_BYTES = 1 << 20;

    /** What a search of a big table's next entry may cost, in slots for one instruction. */
    private static final int SLOTS_PER_UNIT = 16;

    private final LuaChunks chunks;
    private final LuaOutput output;
    private final LuaValue iterator;

    private BaseLibrary(LuaMachine machine, int number, LuaChunks chunks, LuaOutput output, LuaValue iterator) {
        super(machine, NAMES[number], number);
        this.chunks = chunks;
        this.output = output;
        this.iterator = iterator;
    }

    static void install(LuaMachine machine, ScriptTable globals, LuaChunks chunks, LuaOutput output) {
        LuaValue next = new BaseLibrary(machine, NEXT, chunks, output, NIL);
        LuaValue nextIndex = new BaseLibrary(machine, NEXT_INDEX, chunks, output, NIL);
        for (int i = 0; i < NEXT_INDEX; i++) {
            LuaValue iterator = i == IPAIRS_NUMBER ? nextIndex : next;
            globals.rawset(
                    LuaText.of(NAMES[i]), i == NEXT ? next : new BaseLibrary(machine, i, chunks, output, iterator));
        }
        ProtectedCall.install(machine, globals);
        globals.rawset(LuaText.of("_G"), globals);
        globals.rawset(LuaText.of("_VERSION"), LuaText.of("Lua 5.2"));
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (number) {
            case 0 -> assertTrue(args);
            case 1 -> collectGarbage(args);
            case 2 -> throw error(args);
            case 3 -> getMetatable(args);
            case 4 -> ipairs(args);
            case 5 -> load(args);
            case 6 -> loadText(args, string(args, 1), LuaValue.NIL);
            case 7 -> next(table(args, 1), machine.meta.key(args.arg(2)));
            case 8 -> pairs(args);
            case 9 -> print(args);
            case 10 -> valueOf(any(args, 1).raweq(any(args, 2)));
            case 11 -> table(args, 1).rawget(machine.meta.key(any(args, 2)));
            case 12 -> rawLength(args);
            case 13 -> rawSet(args);
            case 14 -> select(args);
            case 15 -> setMetatable(args);
            case 16 -> toNumber(args);
            case 17 -> machine.tostring(any(args, 1));
            case 18 -> type(any(args, 1));
            case 19 -> TableLibrary.unpack(this, args);
            default -> nextIndex(args);
        };
    }

    private static LuaString type(LuaValue value) {
        return TYPES[value instanceof LuaNumber ? TNUMBER : Math.max(value.type(), 0)];
    }

    private Varargs assertTrue(Varargs args) {
        if (any(args, 1).toboolean()) {
            return args;
        }
        if (args.narg() < 2) {
            throw machine.error("assertion failed!");
        }
        throw new ScriptError(args.arg(2));
    }

    private Varargs collectGarbage(Varargs args) {
        LuaString option = optionalString(args, 1);
        if (option == null || !option.raweq(COUNT_OPTION)) {
            return LuaInteger.valueOf(0);
        }
        return LuaInteger.valueOf(machine.liveBytes() / 1024);
    }

    private ScriptError error(Varargs args) {
        LuaValue value = args.arg1();
        int level = (int) optionalInteger(args, 2, 1);
        if (value instanceof LuaString text && level > 0) {
            LuaValue[] parts = {LuaText.of(machine.position(level)), text};
            return new ScriptError(machine.meta.concat(parts, 0, 1));
        }
        return new ScriptError(value);
    }

    private Varargs getMetatable(Varargs args) {
        LuaValue value = any(args, 1);
        if (value instanceof LuaString) {
            return FALSE;
        }
        LuaValue metatable = value.getmetatable();
        if (metatable == null) {
            return NIL;
        }
        LuaValue shown = metatable.rawget(METATABLE);
        return shown.isnil() ? metatable : shown;
    }

    private Varargs setMetatable(Varargs args) {
        LuaTable table = table(args, 1);
        LuaValue metatable = args.arg(2);
        if ((!metatable.isnil() && !metatable.istable()) || args.narg() < 2) {
            throw badArgument(2, "nil or table expected");
        }
        LuaValue old = table.getmetatable();
        if (old != null && !old.rawget(METATABLE).isnil()) {
            throw machine.error("cannot change a protected metatable");
        }
        table.setmetatable(metatable.isnil() ? null : metatable);
        return table;
    }

    private Varargs ipairs(Varargs args) {
        LuaValue handler = machine.meta.metamethod(args.arg1(), IPAIRS);
        if (!handler.isnil()) {
            return three(machine.call(handler, args.arg1()));
        }
        return varargsOf(iterator, any(args, 1), LuaInteger.valueOf(0));
    }

    private Varargs pairs(Varargs args) {
        LuaValue handler = machine.meta.metamethod(args.arg1(), PAIRS);
        if (!handler.isnil()) {
            return three(machine.call(handler, args.arg1()));
        }
        return varargsOf(iterator, table(args, 1), NIL);
    }

    private static Varargs three(Varargs results) {
        return varargsOf(results.arg1(), results.arg(2), results.arg(3));
    }

    private Varargs nextIndex(Varargs args) {
        LuaInteger next = LuaInteger.valueOf(args.arg(2).toint() + 1);
        LuaValue value = machine.meta.index(args.arg1(), next);
        return value.isnil() ? NIL : varargsOf(next, value);
    }

    private Varargs next(LuaTable table, LuaValue key) {
        Varargs entry = table.next(key);
        if (table instanceof ScriptTable own && own.slots() > SLOTS_PER_UNIT * LuaGuard.INTERVAL) {
            machine.guard.charge(skipped(own, key, entry.arg1()) / SLOTS_PER_UNIT);
        }
        return entry;
    }

    /** How many empty slots the search passed, at most; walking an emptied table must not be free. */
    private static int skipped(ScriptTable table, LuaValue key, LuaValue next) {
        int from = key.isinttype() ? Math.max(key.toint(), 0) : 0;
        if (next.isinttype() && next.toint() > from) {
            return Math.min(next.toint() - from, table.slots());
        }
        return key.isnil() || next.isnil() ? table.slots() : 0;
    }

    private Varargs print(Varargs args) {
        LuaBuffer line = new LuaBuffer(machine.guard);
        for (int i = 1; i <= args.narg(); i++) {
            if (i > 1) {
                line.add(TAB);
            }
            line.add(machine.tostring(args.arg(i)));
        }
        line.add(LINE_END);
        output.write(line.toText());
        return NONE;
    }

    private Varargs rawLength(Varargs args) {
        LuaValue value = args.arg1();
        if (value instanceof LuaTable || value instanceof LuaString) {
            return valueOf(value.rawlen());
        }
        throw badArgument(1, "table or string expected");
    }

    private Varargs rawSet(Varargs args) {
        LuaTable table = table(args, 1);
        machine.meta.rawSet(table, any(args, 2), any(args, 3));
        return table;
    }

    private Varargs select(Varargs args) {
        if (args.arg1() instanceof LuaString text && text.raweq(SIZE)) {
            return valueOf(args.narg() - 1);
        }
        long from = integer(args, 1);
        int count = args.narg() - 1;
        if (from < 0) {
            from = count + from + 1;
        }
        if (from < 1) {
            throw badArgument(1, "index out of range");
        }
        return from > count ? NONE : args.subargs((int) from + 1);
    }

    private Varargs toNumber(Varargs args) {
        if (args.arg(2).isnil()) {
            LuaValue value = any(args, 1);
            LuaNumber number = machine.meta.number(value);
            return number == null ? NIL : number;
        }
        long base = integer(args, 2);
        LuaString text = string(args, 1);
        if (base < Character.MIN_RADIX || base > Character.MAX_RADIX) {
            throw badArgument(2, "base out of range");
        }
        machine.guard.chargeBytes(text.m_length);
        LuaNumber number = LuaNumbers.parse(text, (int) base);
        return number == null ? NIL : number;
    }

    private Varargs load(Varargs args) {
        LuaValue chunk = args.arg1();
        LuaString mode = optionalString(args, 3);
        if (mode != null && LuaText.toJavaLossy(mode).indexOf('t') < 0) {
            return failure("attempt to load a text chunk (mode is '" + LuaText.toJavaLossy(mode) + "')");
        }
        LuaValue environment = args.narg() >= 4 ? args.arg(4) : chunks.globals();
        if (chunk instanceof LuaString text) {
            return loadText(args, text, environment);
        }
        return loadText(args, readAll(function(args, 1)), environment);
    }

    private Varargs loadText(Varargs args, LuaString text, LuaValue environment) {
        LuaString name = optionalString(args, 2);
        if (text.m_length > MAX_CHUNK_BYTES) {
            return failure("chunk is " + text.m_length + " bytes long, at most " + MAX_CHUNK_BYTES + " can be loaded");
        }
        String source = "=(load)";
        if (name != null) {
            source = LuaText.toJavaLossy(name);
        } else if (!args.arg1().isfunction()) {
            source = LuaText.toJavaLossy(text);
        }
        try {
            return chunks.load(LuaText.bytes(text), source, number == LOADSTRING ? chunks.globals() : environment);
        } catch (LuaSyntaxException e) {
            return failure(e.located());
        }
    }

    /** Joins what a reader function gives until it gives nothing. */
    private LuaString readAll(LuaValue reader) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (text.size() <= MAX_CHUNK_BYTES) {
            machine.guard.charge(10);
            LuaValue piece = machine.call(reader, NONE).arg1();
            if (piece.isnil() || (piece instanceof LuaString end && end.m_length == 0)) {
                break;
            }
            if (!(piece instanceof LuaString more)) {
                throw machine.error("reader function must return a string");
            }
            text.write(more.m_bytes, more.m_offset, more.m_length);
        }
        return LuaString.valueUsing(text.toByteArray());
    }
}
