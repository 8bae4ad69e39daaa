package io.llmspell.bridge.lua;

import java.util.ArrayList;
import java.util.List;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** {@code string.pack}, {@code packsize} and {@code unpack}: values as bytes in a given layout. */
final class PackLibrary extends LibraryFunction {
    private static final String[] NAMES = {"pack", "packsize", "unpack"};
    private static final int MAX_RESULTS = 1_000_000;

    private PackLibrary(LuaMachine machine, String name, int number) {
        super(machine, name, number);
    }

    static void install(LuaMachine machine, ScriptTable library) {
        for (int i = 0; i < NAMES.length; i++) {
            library.rawset(LuaText.of(NAMES[i]), new PackLibrary(machine, NAMES[i], i));
        }
    }

    @Override
    public Varargs invoke(Varargs args) {
        PackFormat format = new PackFormat(this, string(args, 1));
        return switch (number) {
            case 0 -> pack(format, args);
            case 1 -> packSize(format);
            default -> unpack(format, args);
        };
    }

    // ---- writing

    private LuaString pack(PackFormat format, Varargs args) {
        LuaBuffer bytes = new LuaBuffer(machine.guard);
        int argument = 1;
        while (format.next(bytes.length())) {
            bytes.addZeros(format.gap());
            switch (format.option()) {
                case PADDING -> bytes.addZeros(1);
                case ALIGNMENT, NOTHING -> {
                    // nothing of its own
                }
                default -> write(bytes, format, args, ++argument);
            }
        }
        return bytes.toText();
    }

    private void write(LuaBuffer bytes, PackFormat format, Varargs args, int argument) {
        switch (format.option()) {
            case INTEGER, UNSIGNED -> writeInteger(bytes, format, checked(format, args, argument));
            case FLOAT -> writeBits(bytes, format, Float.floatToIntBits((float) number(args, argument)), false);
            case DOUBLE -> writeBits(bytes, format, Double.doubleToLongBits(number(args, argument)), false);
            case FIXED -> {
                LuaString text = string(args, argument);
                if (text.m_length > format.size()) {
                    throw badArgument(argument, "string longer than given size");
                }
                bytes.add(text);
                bytes.addZeros(format.size() - text.m_length);
            }
            case PREFIXED -> {
                LuaString text = string(args, argument);
                if (format.size() < Integer.BYTES && text.m_length >= 1 << (8 * format.size())) {
                    throw badArgument(argument, "string length does not fit in given size");
                }
                writeBits(bytes, format, text.m_length, false);
                bytes.add(text);
            }
            default -> writeZeroEnded(bytes, string(args, argument), argument);
        }
    }

    private void writeZeroEnded(LuaBuffer bytes, LuaString text, int argument) {
        machine.guard.chargeBytes(text.m_length);
        for (int i = 0; i < text.m_length; i++) {
            if (text.luaByte(i) == 0) {
                throw badArgument(argument, "string contains zeros");
            }
        }
        bytes.add(text);
        bytes.addZeros(1);
    }

    private long checked(PackFormat format, Varargs args, int argument) {
        long value = integer(args, argument);
        int bits = 8 * format.size();
        if (bits < Long.SIZE) {
            boolean isSigned = format.option() == PackFormat.Option.INTEGER;
            long limit = 1L << (isSigned ? bits - 1 : bits);
            if (value >= limit || value < (isSigned ? -limit : 0)) {
                throw badArgument(argument, isSigned ? "integer overflow" : "unsigned overflow");
            }
        }
        return value;
    }

    private static void writeInteger(LuaBuffer bytes, PackFormat format, long value) {
        writeBits(bytes, format, value, value < 0);
    }

    private static void writeBits(LuaBuffer bytes, PackFormat format, long bits, boolean isNegative) {
        for (int i = 0; i < format.size(); i++) {
            int place = format.isLittle() ? i : format.size() - 1 - i;
            bytes.add(place < Long.BYTES ? (int) (bits >>> (8 * place)) & 0xff : isNegative ? 0xff : 0);
        }
    }

    private LuaValue packSize(PackFormat format) {
        long total = 0;
        while (format.next(total)) {
            PackFormat.Option option = format.option();
            if (option == PackFormat.Option.PREFIXED || option == PackFormat.Option.ZERO_ENDED) {
                throw badArgument(1, "variable-length format");
            }
            total += format.gap() + (long) format.size();
            if (total > Integer.MAX_VALUE) {
                throw badArgument(1, "format result too large");
            }
        }
        return valueOfLong(total);
    }

    // ---- reading

    private Varargs unpack(PackFormat format, Varargs args) {
        LuaString data = string(args, 2);
        long first = position(optionalInteger(args, 3, 1), data.m_length) - 1;
        if (first < 0 || first > data.m_length) {
            throw badArgument(3, "initial position out of string");
        }
        List<LuaValue> values = new ArrayList<>();
        int at = (int) first;
        while (format.next(at)) {
            if ((long) format.gap() + format.size() > data.m_length - at) {
                throw badArgument(2, "data string too short");
            }
            at += format.gap();
            at += read(format, data, at, values);
            if (values.size() > MAX_RESULTS) {
                throw machine.error("too many results");
            }
        }
        values.add(valueOf(at + 1));
        machine.guard.reserve(8L * values.size());
        return varargsOf(values.toArray(LuaValue[]::new));
    }

    /** Reads one value and returns how many bytes it takes. */
    private int read(PackFormat format, LuaString data, int at, List<LuaValue> values) {
        int size = format.size();
        switch (format.option()) {
            case INTEGER, UNSIGNED -> values.add(readInteger(format, data, at));
            case FLOAT -> values.add(LuaArithmetic.ofFloat(Float.intBitsToFloat((int) bits(format, data, at))));
            case DOUBLE -> values.add(LuaArithmetic.ofFloat(Double.longBitsToDouble(bits(format, data, at))));
            case FIXED -> values.add(StringLibrary.part(machine.guard, data, at, at + size));
            case PREFIXED -> {
                long length = bits(format, data, at);
                if (!fits(format, data, at) || length < 0 || length > data.m_length - at - size) {
                    throw badArgument(2, "data string too short");
                }
                values.add(StringLibrary.part(machine.guard, data, at + size, at + size + (int) length));
                return size + (int) length;
            }
            case ZERO_ENDED -> {
                int end = at;
                while (end < data.m_length && data.luaByte(end) != 0) {
                    end++;
                }
                machine.guard.chargeBytes(end - at);
                if (end == data.m_length) {
                    throw badArgument(2, "unfinished string for format 'z'");
                }
                values.add(StringLibrary.part(machine.guard, data, at, end));
                return end - at + 1;
            }
            default -> {
                // padding holds nothing
            }
        }
        return size;
    }

    private static int byteAt(PackFormat format, LuaString data, int at, int place) {
        return data.luaByte(format.isLittle() ? at + place : at + format.size() - 1 - place);
    }

    /** The lowest eight bytes. */
    private static long bits(PackFormat format, LuaString data, int at) {
        long bits = 0;
        for (int place = Math.min(format.size(), Long.BYTES) - 1; place >= 0; place--) {
            bits = (bits << 8) | byteAt(format, data, at, place);
        }
        return bits;
    }

    /** Whether what is beyond the lowest eight bytes adds nothing but the sign. */
    private static boolean fits(PackFormat format, LuaString data, int at) {
        boolean isNegative = format.option() == PackFormat.Option.INTEGER && bits(format, data, at) < 0;
        for (int place = Long.BYTES; place < format.size(); place++) {
            if (byteAt(format, data, at, place) != (isNegative ? 0xff : 0)) {
                return false;
            }
        }
        return true;
    }

    private LuaValue readInteger(PackFormat format, LuaString data, int at) {
        int size = format.size();
        long value = bits(format, data, at);
        if (!fits(format, data, at)) {
            throw machine.error(size + "-byte integer does not fit into Lua Integer");
        }
        if (format.option() == PackFormat.Option.INTEGER && size < Long.BYTES) {
            int unused = Long.SIZE - 8 * size;
            value = value << unused >> unused;
        }
        if (value < -LuaArithmetic.EXACT || value > LuaArithmetic.EXACT) {
            throw machine.error(
                    "the integer " + value + " at position " + (at + 1) + " is beyond 2^53 and would be rounded");
        }
        return valueOfLong(value);
    }
}
