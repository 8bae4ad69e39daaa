package io.llmspell.bridge.lua;

import java.math.BigDecimal;
import java.util.Locale;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** One call of {@code string.format}: C's directives without C's locale. */
final class LuaFormat {
    private static final String FLAGS = "-+ #0";

    private final LibraryFunction function;
    private final LuaMachine machine;
    private final Varargs args;
    private final LuaString template;
    private final LuaBuffer result;
    private int at;
    private int argument = 1;
    private String flags = "";
    private int width;
    private int precision;

    LuaFormat(LibraryFunction function, Varargs args) {
        this.function = function;
        this.machine = function.machine;
        this.args = args;
        this.template = function.string(args, 1);
        this.result = new LuaBuffer(machine.guard);
    }

    LuaString format() {
        machine.guard.chargeBytes(template.m_length);
        while (at < template.m_length) {
            int c = template.luaByte(at++);
            if (c != '%') {
                result.add(c);
            } else if (at < template.m_length && template.luaByte(at) == '%') {
                at++;
                result.add('%');
            } else {
                machine.guard.tick();
                readDirective();
                argument++;
                write(at < template.m_length ? template.luaByte(at) : -1);
                at++;
            }
        }
        return result.toText();
    }

    private void readDirective() {
        int start = at;
        while (at < template.m_length && FLAGS.indexOf(template.luaByte(at)) >= 0) {
            at++;
        }
        if (at - start >= FLAGS.length() + 1) {
            throw machine.error("invalid format (repeated flags)");
        }
        flags = LuaText.toJavaLossy(template.substring(start, at));
        width = readNumber(0);
        precision = -1;
        if (at < template.m_length && template.luaByte(at) == '.') {
            at++;
            precision = readNumber(0);
        }
    }

    private int readNumber(int otherwise) {
        int start = at;
        int number = otherwise;
        while (at < template.m_length && template.luaByte(at) >= '0' && template.luaByte(at) <= '9') {
            if (at - start >= 2) {
                throw machine.error("invalid format (width or precision too long)");
            }
            number = number * 10 + template.luaByte(at) - '0';
            at++;
        }
        return number;
    }

    private void write(int directive) {
        switch (directive) {
            case 'c' -> pad(LuaString.valueUsing(new byte[] {(byte) function.integer(args, argument)}));
            case 'd', 'i' -> integer(function.number(args, argument));
            case 'u' -> unsigned(function.number(args, argument), 10);
            case 'o' -> unsigned(function.number(args, argument), 8);
            case 'x' -> unsigned(function.number(args, argument), 16);
            case 'X' -> number(digits(function.number(args, argument), 16).toUpperCase(Locale.ROOT));
            case 'a', 'e', 'f', 'g' -> number(floating(directive, function.number(args, argument)));
            case 'A', 'E', 'F', 'G' -> upper(directive + 32);
            case 'q' -> quote(function.string(args, argument));
            case 's' -> text(function.any(args, argument));
            default ->
                throw machine.error("invalid option '%" + (directive < 0 ? "" : (char) directive) + "' to 'format'");
        }
    }

    private void upper(int directive) {
        number(floating(directive, function.number(args, argument)).toUpperCase(Locale.ROOT));
    }

    private void text(LuaValue value) {
        LuaString text = machine.tostring(value);
        boolean isCut = precision >= 0 && precision < text.m_length;
        pad(isCut ? StringLibrary.part(machine.guard, text, 0, precision) : text);
    }

    private void integer(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw function.badArgument(argument, "number has no integer representation");
        }
        BigDecimal whole = new BigDecimal(value).setScale(0, java.math.RoundingMode.DOWN);
        String digits = whole.abs().toPlainString();
        number((whole.signum() < 0 ? "-" : "") + atLeast(digits));
    }

    private void unsigned(double value, int base) {
        number(digits(value, base));
    }

    private String digits(double value, int base) {
        if (Double.isNaN(value) || Math.abs(value) >= 0x1p64) {
            throw function.badArgument(argument, "number has no integer representation");
        }
        long bits = value < 0x1p63 ? (long) value : (long) (value - 0x1p63) + Long.MIN_VALUE;
        String digits = Long.toUnsignedString(bits, base);
        boolean isMarked = flags.indexOf('#') >= 0 && bits != 0;
        return (isMarked && base == 16 ? "0x" : isMarked && base == 8 ? "0" : "") + atLeast(digits);
    }

    private String atLeast(String digits) {
        return digits.length() < precision ? "0".repeat(precision - digits.length()) + digits : digits;
    }

    private String floating(int directive, double value) {
        int places = precision < 0 ? 6 : precision;
        return switch (directive | 0x20) {
            case 'e' -> LuaNumbers.exponential(value, places);
            case 'f' -> LuaNumbers.fixed(value, places);
            case 'g' -> LuaNumbers.general(value, places, flags.indexOf('#') >= 0);
            default -> hexadecimal(value);
        };
    }

    private static String hexadecimal(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return LuaNumbers.general(value, 1, false);
        }
        String text = Double.toHexString(value).replace(".0p", "p");
        int exponent = text.indexOf('p') + 1;
        return text.charAt(exponent) == '-' ? text : text.substring(0, exponent) + "+" + text.substring(exponent);
    }

    /** Adds a number with its sign and zeros as the flags say. */
    private void number(String given) {
        String text = given;
        if (!text.startsWith("-")) {
            text = (flags.indexOf('+') >= 0 ? "+" : flags.indexOf(' ') >= 0 ? " " : "") + text;
        }
        boolean isZeroPadded = flags.indexOf('0') >= 0 && flags.indexOf('-') < 0 && !text.matches(".*(inf|nan).*");
        if (isZeroPadded && text.length() < width) {
            int sign = text.isEmpty() || Character.isLetterOrDigit(text.charAt(0)) ? 0 : 1;
            text = text.substring(0, sign) + "0".repeat(width - text.length()) + text.substring(sign);
        }
        pad(LuaNumbers.ascii(text));
    }

    private void pad(LuaString text) {
        int missing = width - text.m_length;
        boolean isLeft = flags.indexOf('-') >= 0;
        if (isLeft) {
            result.add(text);
        }
        for (int i = 0; i < missing; i++) {
            result.add(' ');
        }
        if (!isLeft) {
            result.add(text);
        }
    }

    /** Adds the text so that the Lua reader reads it back. */
    private void quote(LuaString text) {
        machine.guard.chargeBytes(text.m_length);
        result.add('"');
        for (int i = 0; i < text.m_length; i++) {
            int c = text.luaByte(i);
            switch (c) {
                case '"', '\\', '\n' -> result.add('\\').add(c);
                case '\r' -> result.add(LuaText.of("\\r"));
                case 0 -> {
                    boolean isDigitNext = i + 1 < text.m_length && Character.isDigit(text.luaByte(i + 1));
                    result.add(LuaText.of(isDigitNext ? "\\000" : "\\0"));
                }
                default -> result.add(c);
            }
        }
        result.add('"');
    }
}
