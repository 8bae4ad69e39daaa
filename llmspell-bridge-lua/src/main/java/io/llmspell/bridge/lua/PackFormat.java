package io.llmspell.bridge.lua;

import java.nio.ByteOrder;
import org.luaj.vm2.LuaString;

/** Reads the format of {@code string.pack} one option at a time; sizes are those of a 64-bit machine. */
final class PackFormat {
    /** What an option stands for. */
    enum Option {
        INTEGER,
        UNSIGNED,
        FLOAT,
        DOUBLE,
        FIXED,
        PREFIXED,
        ZERO_ENDED,
        PADDING,
        ALIGNMENT,
        NOTHING
    }

    private static final int MAX_SIZE = 16;
    private static final int MAX_ALIGNMENT = 8;
    private static final int INT = 4;
    private static final int LONG = 8;
    private static final int MISSING = -1;

    private final LibraryFunction function;
    private final LuaMachine machine;
    private final LuaString format;
    private int at;
    private boolean isLittle = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private int maxAlignment = 1;
    private Option option = Option.NOTHING;
    private int size;
    private int gap;

    PackFormat(LibraryFunction function, LuaString format) {
        this.function = function;
        this.machine = function.machine;
        this.format = format;
    }

    boolean isLittle() {
        return isLittle;
    }

    Option option() {
        return option;
    }

    /** The bytes of the option, without those that a text may add. */
    int size() {
        return size;
    }

    /** The bytes before it that bring it to its alignment. */
    int gap() {
        return gap;
    }

    /** Moves to the next option, {@code total} bytes after the beginning; false at the end. */
    boolean next(long total) {
        if (at >= format.m_length) {
            return false;
        }
        machine.guard.tick();
        readOption();
        int alignment = size;
        if (option == Option.ALIGNMENT) {
            alignment = alignmentOfNext();
        }
        gap = 0;
        if (alignment > 1 && option != Option.FIXED) {
            alignment = Math.min(alignment, maxAlignment);
            if (Integer.bitCount(alignment) != 1) {
                throw function.badArgument(1, "format asks for alignment not power of 2");
            }
            gap = (int) (-total & (alignment - 1));
        }
        return true;
    }

    private int alignmentOfNext() {
        Option wanted = Option.FIXED;
        if (at < format.m_length) {
            readOption();
            wanted = option;
        }
        int alignment = size;
        if (wanted == Option.FIXED || alignment == 0) {
            throw function.badArgument(1, "invalid next option for option 'X'");
        }
        option = Option.ALIGNMENT;
        size = 0;
        return alignment;
    }

    private void readOption() {
        int c = format.luaByte(at++);
        switch (c) {
            case 'b' -> set(Option.INTEGER, 1);
            case 'B' -> set(Option.UNSIGNED, 1);
            case 'h' -> set(Option.INTEGER, 2);
            case 'H' -> set(Option.UNSIGNED, 2);
            case 'i' -> set(Option.INTEGER, limited(INT));
            case 'I' -> set(Option.UNSIGNED, limited(INT));
            case 'l', 'j' -> set(Option.INTEGER, LONG);
            case 'L', 'J', 'T' -> set(Option.UNSIGNED, LONG);
            case 'f' -> set(Option.FLOAT, Float.BYTES);
            case 'd', 'n' -> set(Option.DOUBLE, Double.BYTES);
            case 's' -> set(Option.PREFIXED, limited(LONG));
            case 'c' -> set(Option.FIXED, fixedSize());
            case 'z' -> set(Option.ZERO_ENDED, 0);
            case 'x' -> set(Option.PADDING, 1);
            case 'X' -> set(Option.ALIGNMENT, 0);
            default -> {
                set(Option.NOTHING, 0);
                readSetting(c);
            }
        }
    }

    private void readSetting(int c) {
        switch (c) {
            case ' ' -> {
                // may stand anywhere
            }
            case '<' -> isLittle = true;
            case '>' -> isLittle = false;
            case '=' -> isLittle = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
            case '!' -> maxAlignment = limited(MAX_ALIGNMENT);
            default ->
                throw machine.error(
                        "invalid format option '" + (c >= ' ' && c < 0x7f ? String.valueOf((char) c) : "\\" + c) + "'");
        }
    }

    private void set(Option newOption, int newSize) {
        option = newOption;
        size = newSize;
    }

    private int number() {
        int value = MISSING;
        while (at < format.m_length && LuaLexer.isDigit(format.luaByte(at)) && value <= (Integer.MAX_VALUE - 9) / 10) {
            value = Math.max(value, 0) * 10 + format.luaByte(at++) - '0';
        }
        return value;
    }

    private int limited(int otherwise) {
        int value = number();
        if (value == MISSING) {
            return otherwise;
        }
        if (value < 1 || value > MAX_SIZE) {
            throw machine.error("integral size (" + value + ") out of limits [1,16]");
        }
        return value;
    }

    private int fixedSize() {
        int value = number();
        if (value == MISSING) {
            throw machine.error("missing size for format option 'c'");
        }
        return value;
    }
}
