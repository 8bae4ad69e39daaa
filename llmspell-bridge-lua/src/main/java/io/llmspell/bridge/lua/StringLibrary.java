package io.llmspell.bridge.lua;

import java.util.Arrays;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The table {@code string}, but for the functions that take patterns. */
final class StringLibrary extends LibraryFunction {
    private static final String[] NAMES = {"byte", "char", "format", "len", "lower", "rep", "reverse", "sub", "upper"};
    private static final LuaString EMPTY = LuaText.of("");
    private static final int MAX_BYTES = 1 << 20;
    private static final long MAX_REPEATED = Integer.MAX_VALUE - 8;

    private StringLibrary(LuaMachine machine, String name, int number) {
        super(machine, name, number);
    }

    /** Fills the machine's string library, which is the global {@code string} too. */
    static ScriptTable create(LuaMachine machine) {
        ScriptTable library = machine.stringLibrary;
        for (int i = 0; i < NAMES.length; i++) {
            library.rawset(LuaText.of(NAMES[i]), new StringLibrary(machine, NAMES[i], i));
        }
        PatternLibrary.install(machine, library);
        PackLibrary.install(machine, library);
        return library;
    }

    /** Copies a part: a view would keep the whole text alive. */
    static LuaString part(LuaGuard guard, LuaString text, int from, int to) {
        if (from >= to) {
            return EMPTY;
        }
        if (to - from > 4096) {
            guard.reserve(to - from);
        }
        return LuaString.valueUsing(Arrays.copyOfRange(text.m_bytes, text.m_offset + from, text.m_offset + to));
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (number) {
            case 0 -> bytes(args);
            case 1 -> chars(args);
            case 2 -> new LuaFormat(this, args).format();
            case 3 -> valueOf(string(args, 1).m_length);
            case 4 -> lower(string(args, 1));
            case 5 -> repeat(args);
            case 6 -> reverse(string(args, 1));
            case 7 -> sub(args);
            default -> upper(string(args, 1));
        };
    }

    private Varargs bytes(Varargs args) {
        LuaString text = string(args, 1);
        long first = position(optionalInteger(args, 2, 1), text.m_length);
        long last = position(optionalInteger(args, 3, first), text.m_length);
        int from = (int) Math.max(first, 1);
        int to = (int) Math.min(last, text.m_length);
        if (from > to) {
            return NONE;
        }
        if (to - from >= MAX_BYTES) {
            throw machine.error("string slice too long");
        }
        machine.guard.reserve(8L * (to - from + 1));
        LuaValue[] values = new LuaValue[to - from + 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = valueOf(text.luaByte(from - 1 + i));
        }
        return varargsOf(values);
    }

    private Varargs chars(Varargs args) {
        byte[] bytes = new byte[args.narg()];
        for (int i = 0; i < bytes.length; i++) {
            long code = integer(args, i + 1);
            if (code < 0 || code > 255) {
                throw badArgument(i + 1, "value out of range");
            }
            bytes[i] = (byte) code;
        }
        return LuaString.valueUsing(bytes);
    }

    private LuaString lower(LuaString text) {
        byte[] bytes = copy(text);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
                bytes[i] = (byte) (bytes[i] + 32);
            }
        }
        return LuaString.valueUsing(bytes);
    }

    private LuaString upper(LuaString text) {
        byte[] bytes = copy(text);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] >= 'a' && bytes[i] <= 'z') {
                bytes[i] = (byte) (bytes[i] - 32);
            }
        }
        return LuaString.valueUsing(bytes);
    }

    private LuaString reverse(LuaString text) {
        byte[] bytes = copy(text);
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swapped = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swapped;
        }
        return LuaString.valueUsing(bytes);
    }

    private byte[] copy(LuaString text) {
        machine.guard.reserve(text.m_length);
        return LuaText.bytes(text);
    }

    private LuaString repeat(Varargs args) {
        LuaString text = string(args, 1);
        long count = integer(args, 2);
        LuaString given = optionalString(args, 3);
        LuaString separator = given == null ? EMPTY : given;
        if (count <= 0) {
            return EMPTY;
        }
        long unit = (long) text.m_length + separator.m_length;
        if (unit > 0 && count > MAX_REPEATED / unit) {
            throw machine.error("resulting string too large");
        }
        long length = unit * count - separator.m_length;
        machine.guard.reserve(length);
        byte[] bytes = new byte[(int) length];
        // The first unit is written, then what is there is doubled.
        text.copyInto(0, bytes, 0, text.m_length);
        int filled = text.m_length;
        if (filled < length) {
            separator.copyInto(0, bytes, filled, separator.m_length);
            filled += separator.m_length;
        }
        while (filled < length) {
            int more = (int) Math.min(filled, length - filled);
            System.arraycopy(bytes, 0, bytes, filled, more);
            filled += more;
        }
        return LuaString.valueUsing(bytes);
    }

    private LuaString sub(Varargs args) {
        LuaString text = string(args, 1);
        long first = position(integer(args, 2), text.m_length);
        long last = position(optionalInteger(args, 3, -1), text.m_length);
        int from = (int) Math.min(Math.max(first, 1), text.m_length + 1L);
        int to = (int) Math.min(last, text.m_length);
        return from == 1 && to == text.m_length ? text : part(machine.guard, text, from - 1, to);
    }
}
