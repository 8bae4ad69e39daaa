package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The table {@code utf8} of Lua 5.3, for code points up to 10FFFF. */
final class Utf8Library extends LibraryFunction {
    private static final String[] NAMES = {"char", "codepoint", "codes", "len", "offset", "codes iterator"};
    private static final int ITERATOR = 5;
    private static final int MAX_CODE_POINT = 0x10ffff;
    private static final int MAX_CODES = 1_000_000;
    private static final int MALFORMED = -1;

    private Utf8Library(LuaMachine machine, int number) {
        super(machine, NAMES[number], number);
    }

    static ScriptTable create(LuaMachine machine) {
        ScriptTable library = new ScriptTable(0, 8);
        for (int i = 0; i < ITERATOR; i++) {
            library.rawset(LuaText.of(NAMES[i]), new Utf8Library(machine, i));
        }
        byte[] pattern = {
            '[', 0, '-', 0x7f, (byte) 0xc2, '-', (byte) 0xf4, ']', '[', (byte) 0x80, '-', (byte) 0xbf, ']', '*'
        };
        library.rawset(LuaText.of("charpattern"), LuaString.valueUsing(pattern));
        return library;
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (number) {
            case 0 -> chars(args);
            case 1 -> codePoints(args);
            case 2 -> varargsOf(new Utf8Library(machine, ITERATOR), string(args, 1), LuaInteger.valueOf(0));
            case 3 -> length(args);
            case 4 -> offset(args);
            default -> next(string(args, 1), integer(args, 2));
        };
    }

    /** Encodes a code point, beyond Unicode's range too, as the escape of the language may. */
    static LuaString encode(long point) {
        if (point < 0x80) {
            return LuaString.valueUsing(new byte[] {(byte) point});
        }
        byte[] bytes = new byte[6];
        int at = bytes.length;
        long rest = point;
        long firstLimit = 0x3f;
        do {
            bytes[--at] = (byte) (0x80 | (rest & 0x3f));
            rest >>= 6;
            firstLimit >>= 1;
        } while (rest > firstLimit);
        bytes[--at] = (byte) ((~firstLimit << 1) | rest);
        return LuaString.valueOf(bytes, at, bytes.length - at);
    }

    private Varargs chars(Varargs args) {
        LuaBuffer text = new LuaBuffer(machine.guard);
        for (int i = 1; i <= args.narg(); i++) {
            long point = integer(args, i);
            if (point < 0 || point > MAX_CODE_POINT) {
                throw badArgument(i, "value out of range");
            }
            text.add(encode(point));
        }
        return text.toText();
    }

    /** Returns the code point at {@code at}, or {@link #MALFORMED}. */
    private static int decode(LuaString text, int at) {
        int first = text.luaByte(at);
        if (first < 0x80) {
            return first;
        }
        int count = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        if (first < 0xc2 || first > 0xf4 || at + count >= text.m_length) {
            return MALFORMED;
        }
        int point = first & (0x3f >> count);
        for (int i = 1; i <= count; i++) {
            int next = text.luaByte(at + i);
            if ((next & 0xc0) != 0x80) {
                return MALFORMED;
            }
            point = (point << 6) | (next & 0x3f);
        }
        boolean isTooLong = (count == 2 && point < 0x800) || (count == 3 && point < 0x10000);
        boolean isSurrogate = point >= 0xd800 && point <= 0xdfff;
        return isTooLong || isSurrogate || point > MAX_CODE_POINT ? MALFORMED : point;
    }

    private static int size(int point) {
        return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }

    private Varargs codePoints(Varargs args) {
        LuaString text = string(args, 1);
        long first = position(optionalInteger(args, 2, 1), text.m_length);
        long last = position(optionalInteger(args, 3, first), text.m_length);
        if (first < 1) {
            throw badArgument(2, "out of range");
        }
        if (last > text.m_length) {
            throw badArgument(3, "out of range");
        }
        if (last - first >= MAX_CODES) {
            throw machine.error("string slice too long");
        }
        LuaValue[] points = new LuaValue[(int) Math.max(last - first + 1, 0)];
        int count = 0;
        for (int at = (int) first - 1; at < last; ) {
            machine.guard.tick();
            int point = decode(text, at);
            if (point < 0) {
                throw machine.error("invalid UTF-8 code");
            }
            points[count++] = valueOf(point);
            at += size(point);
        }
        return varargsOf(points, 0, count);
    }

    private Varargs length(Varargs args) {
        LuaString text = string(args, 1);
        long first = position(optionalInteger(args, 2, 1), text.m_length);
        long last = position(optionalInteger(args, 3, -1), text.m_length);
        if (first < 1 || first > text.m_length + 1L) {
            throw badArgument(2, "initial position out of string");
        }
        if (last > text.m_length) {
            throw badArgument(3, "final position out of string");
        }
        int count = 0;
        for (int at = (int) first - 1; at < last; ) {
            machine.guard.tick();
            int point = decode(text, at);
            if (point < 0) {
                return varargsOf(NIL, valueOf(at + 1));
            }
            at += size(point);
            count++;
        }
        return valueOf(count);
    }

    private Varargs offset(Varargs args) {
        LuaString text = string(args, 1);
        long n = integer(args, 2);
        long start = position(optionalInteger(args, 3, n > 0 ? 1 : text.m_length + 1L), text.m_length);
        if (start < 1 || start > text.m_length + 1L) {
            throw badArgument(3, "position out of bounds");
        }
        int at = (int) start - 1;
        if (n == 0) {
            while (at > 0 && isContinuation(text, at)) {
                at--;
            }
            return valueOf(at + 1);
        }
        if (isContinuation(text, at)) {
            throw machine.error("initial position is a continuation byte");
        }
        return n < 0 ? backward(text, at, n) : forward(text, at, n - 1);
    }

    private Varargs backward(LuaString text, int start, long n) {
        int at = start;
        long left = n;
        while (left < 0 && at > 0) {
            machine.guard.tick();
            do {
                at--;
            } while (at > 0 && isContinuation(text, at));
            left++;
        }
        return left == 0 ? valueOf(at + 1) : NIL;
    }

    private Varargs forward(LuaString text, int start, long n) {
        int at = start;
        long left = n;
        while (left > 0 && at < text.m_length) {
            machine.guard.tick();
            do {
                at++;
            } while (isContinuation(text, at));
            left--;
        }
        return left == 0 ? valueOf(at + 1) : NIL;
    }

    private static boolean isContinuation(LuaString text, int at) {
        return at < text.m_length && (text.luaByte(at) & 0xc0) == 0x80;
    }

    private Varargs next(LuaString text, long before) {
        int at = (int) Math.max(Math.min(before, text.m_length), 0);
        while (isContinuation(text, at)) {
            at++;
        }
        if (at >= text.m_length) {
            return NIL;
        }
        int point = decode(text, at);
        if (point < 0 || isContinuation(text, at + size(point))) {
            throw machine.error("invalid UTF-8 code");
        }
        return varargsOf(valueOf(at + 1), valueOf(point));
    }
}
