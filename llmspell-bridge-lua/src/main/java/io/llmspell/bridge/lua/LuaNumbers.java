package io.llmspell.bridge.lua;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;

/** Numbers as text and text as numbers, by the rules of Lua and of no locale. */
final class LuaNumbers {
    /** The most bytes {@link #text(LuaValue)} makes. */
    static final int MAX_TEXT = 24;

    private static final double EXACT = 0x1p53;
    private static final int DIGITS = 14;
    private static final int MAX_PARSED = 4096;
    private static final int MAX_EXPONENT = 100_000;

    private LuaNumbers() {}

    /** Integers exact to 2^53 in full, floats with 14 digits and a point. */
    static LuaString text(LuaValue number) {
        if (number instanceof LuaInteger small) {
            return ascii(Integer.toString(small.v));
        }
        if (number instanceof WholeFloat) {
            return ascii(floatText(number.todouble()));
        }
        return ascii(text(number.todouble()));
    }

    static String text(double number) {
        if (number == Math.rint(number) && Math.abs(number) <= EXACT) {
            return Long.toString((long) number);
        }
        return floatText(number);
    }

    /** A float as text, which shows that it is one. */
    static String floatText(double number) {
        String text = general(number, DIGITS, false);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '-' && !LuaLexer.isDigit(text.charAt(i))) {
                return text;
            }
        }
        return text + ".0";
    }

    static LuaString ascii(String text) {
        return LuaString.valueUsing(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static @Nullable String special(double number) {
        if (Double.isNaN(number)) {
            // One text on every machine: the sign of a NaN depends on the processor and the compiler.
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        return null;
    }

    /** As C's {@code %.<precision>g}; {@code keepsZeros} is its flag {@code #}. */
    static String general(double number, int precision, boolean keepsZeros) {
        String special = special(number);
        if (special != null) {
            return special;
        }
        int digits = Math.max(precision, 1);
        if (number == 0) {
            return sign(number) + "0" + (keepsZeros && digits > 1 ? "." + "0".repeat(digits - 1) : "");
        }
        BigDecimal rounded = value(Math.abs(number), digits).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        String text = exponent < -4 || exponent >= digits
                ? scientific(rounded, digits - 1)
                : rounded.setScale(Math.max(digits - 1 - exponent, 0), RoundingMode.HALF_EVEN)
                        .toPlainString();
        return sign(number) + (keepsZeros ? text : withoutZeros(text));
    }

    /** The exact value, or a shorter one that rounds to the same digits. */
    private static BigDecimal value(double number, int digits) {
        if (digits <= DIGITS) {
            BigDecimal shortest = new BigDecimal(Double.toString(number));
            if (shortest.precision() <= digits) {
                return shortest;
            }
        }
        return new BigDecimal(number);
    }

    private static String withoutZeros(String text) {
        int e = text.indexOf('e');
        String mantissa = e < 0 ? text : text.substring(0, e);
        if (mantissa.indexOf('.') < 0) {
            return text;
        }
        int end = mantissa.length();
        while (mantissa.charAt(end - 1) == '0') {
            end--;
        }
        if (mantissa.charAt(end - 1) == '.') {
            end--;
        }
        return mantissa.substring(0, end) + (e < 0 ? "" : text.substring(e));
    }

    /** As C's {@code %.<precision>f}. */
    static String fixed(double number, int precision) {
        String special = special(number);
        if (special != null) {
            return special;
        }
        return sign(number)
                + new BigDecimal(Math.abs(number))
                        .setScale(precision, RoundingMode.HALF_EVEN)
                        .toPlainString();
    }

    /** As C's {@code %.<precision>e}. */
    static String exponential(double number, int precision) {
        String special = special(number);
        if (special != null) {
            return special;
        }
        if (number == 0) {
            return sign(number) + "0" + (precision > 0 ? "." + "0".repeat(precision) : "") + "e+00";
        }
        BigDecimal rounded =
                new BigDecimal(Math.abs(number)).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        return sign(number) + scientific(rounded, precision);
    }

    private static String scientific(BigDecimal rounded, int fraction) {
        int exponent = rounded.precision() - rounded.scale() - 1;
        StringBuilder digits = new StringBuilder(rounded.unscaledValue().toString());
        while (digits.length() <= fraction) {
            digits.append('0');
        }
        digits.setLength(fraction + 1);
        if (fraction > 0) {
            digits.insert(1, '.');
        }
        int size = Math.abs(exponent);
        return digits.append(exponent < 0 ? "e-" : "e+")
                .append(size < 10 ? "0" : "")
                .append(size)
                .toString();
    }

    private static String sign(double number) {
        return Double.doubleToRawLongBits(number) < 0 ? "-" : "";
    }

    /** Reads a numeral of Lua with spaces around it; null if it is none. */
    static @Nullable LuaNumber parse(LuaString text) {
        int from = text.m_offset;
        int to = from + text.m_length;
        byte[] bytes = text.m_bytes;
        while (from < to && isSpace(bytes[from])) {
            from++;
        }
        while (to > from && isSpace(bytes[to - 1])) {
            to--;
        }
        if (from == to || to - from > MAX_PARSED) {
            return null;
        }
        int digits = bytes[from] == '-' || bytes[from] == '+' ? from + 1 : from;
        boolean isHex = to - digits > 2 && bytes[digits] == '0' && (bytes[digits + 1] | 0x20) == 'x';
        boolean isNegative = bytes[from] == '-';
        if (isHex) {
            return hexadecimal(bytes, digits + 2, to, isNegative);
        }
        if (!isDecimal(bytes, digits, to)) {
            return null;
        }
        double size = Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        return areDigits(bytes, digits, to, 10) ? LuaArithmetic.ofInteger(size) : LuaArithmetic.ofFloat(size);
    }

    private static boolean areDigits(byte[] bytes, int from, int to, int base) {
        for (int at = from; at < to; at++) {
            if (Character.digit(bytes[at], base) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A whole hexadecimal number keeps its lowest 64 bits, and is negative if the highest of them is set. */
    private static @Nullable LuaNumber hexadecimal(byte[] bytes, int from, int to, boolean isNegative) {
        if (areDigits(bytes, from, to, 16)) {
            long bits = 0;
            for (int at = from; at < to; at++) {
                bits = (bits << 4) + Character.digit(bytes[at], 16);
            }
            return LuaArithmetic.ofInteger(isNegative ? -(double) bits : bits);
        }
        double size = hexadecimal(bytes, from, to);
        return Double.isNaN(size) ? null : LuaArithmetic.ofFloat(isNegative ? -size : size);
    }

    /** Whether {@code numeral} is a whole number without point and exponent that its value does not hold exactly. */
    static boolean isBeyondExact(LuaString numeral, LuaNumber value) {
        if (Math.abs(value.todouble()) < EXACT) {
            return false;
        }
        String digits = LuaText.toJavaLossy(numeral);
        boolean isHex = digits.length() > 2 && (digits.charAt(1) | 0x20) == 'x';
        for (int i = isHex ? 2 : 0; i < digits.length(); i++) {
            if (Character.digit(digits.charAt(i), isHex ? 16 : 10) < 0) {
                return false;
            }
        }
        BigInteger exact = isHex
                ? BigInteger.valueOf(new BigInteger(digits.substring(2), 16).longValue())
                : new BigInteger(digits);
        return exact.abs().compareTo(BigInteger.valueOf((long) EXACT)) > 0;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    private static boolean isDecimal(byte[] bytes, int from, int to) {
        int at = from;
        int digits = 0;
        boolean hasPoint = false;
        while (at < to && (isDigit(bytes[at]) || (bytes[at] == '.' && !hasPoint))) {
            if (bytes[at] == '.') {
                hasPoint = true;
            } else {
                digits++;
            }
            at++;
        }
        if (digits == 0) {
            return false;
        }
        return at == to || ((bytes[at] | 0x20) == 'e' && isExponent(bytes, at + 1, to));
    }

    private static boolean isExponent(byte[] bytes, int from, int to) {
        int at = from < to && (bytes[from] == '+' || bytes[from] == '-') ? from + 1 : from;
        if (at == to) {
            return false;
        }
        while (at < to && isDigit(bytes[at])) {
            at++;
        }
        return at == to;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static double hexadecimal(byte[] bytes, int from, int to) {
        double value = 0;
        int exponent = 0;
        int digits = 0;
        boolean hasPoint = false;
        int at = from;
        for (; at < to; at++) {
            int digit = Character.digit(bytes[at], 16);
            if (digit >= 0) {
                value = value * 16 + digit;
                exponent -= hasPoint ? 4 : 0;
                digits++;
            } else if (bytes[at] == '.' && !hasPoint) {
                hasPoint = true;
            } else {
                break;
            }
        }
        if (digits == 0) {
            return Double.NaN;
        }
        if (at < to) {
            if ((bytes[at] | 0x20) != 'p' || !isExponent(bytes, at + 1, to)) {
                return Double.NaN;
            }
            exponent += smallInteger(bytes, at + 1, to);
        }
        return exponent == 0 ? value : Math.scalb(value, exponent);
    }

    private static int smallInteger(byte[] bytes, int from, int to) {
        int value = 0;
        for (int at = from; at < to; at++) {
            if (isDigit(bytes[at])) {
                value = Math.min(value * 10 + bytes[at] - '0', MAX_EXPONENT);
            }
        }
        return bytes[from] == '-' ? -value : value;
    }

    /** Reads an integer in {@code base} as {@code tonumber} does; null if it is none. */
    static @Nullable LuaNumber parse(LuaString text, int base) {
        String digits = LuaText.toJavaLossy(text).strip();
        boolean isNegative = digits.startsWith("-");
        if (isNegative) {
            digits = digits.substring(1);
        }
        if (digits.isEmpty() || digits.length() > MAX_PARSED) {
            return null;
        }
        double value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, base) : -1;
            if (digit < 0) {
                return null;
            }
            value = value * base + digit;
        }
        return LuaArithmetic.ofInteger(isNegative ? -value : value);
    }
}
