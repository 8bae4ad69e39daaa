package io.llmspell.core.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Tells of a text, eight characters at a time, that JSON writes it as it is: most texts are so, and then need not be gone
 * through sign by sign.
 *
 * <p><b>Threads:</b> safe.
 */
public final class PlainText {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final int LONGEST = 1 << 16;

    private PlainText() {}

    /** Whether a text is ASCII without anything to escape; false also for one that is too long to be copied. */
    static boolean isPlain(String text) {
        int length = text.length();
        if (length > LONGEST) {
            return false;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length == length && needsNoEscape(bytes) && !replaced(text, bytes);
    }

    /** Whether a half surrogate pair became a question mark; each character stands at its place in the bytes. */
    private static boolean replaced(String text, byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            boolean whole = at + Long.BYTES <= bytes.length;
            if (whole && (below((long) WORD.get(bytes, at) ^ ONES * '?', 1) & TOPS) == 0) {
                at += Long.BYTES;
            } else if (bytes[at] == '?' && text.charAt(at) != '?') {
                return true;
            } else {
                at++;
            }
        }
        return false;
    }

    /**
     * Whether JSON writes a text as it is.
     *
     * @param utf8 the text in UTF-8
     * @return false if it has a quote, a backslash or a control character
     */
    public static boolean needsNoEscape(byte[] utf8) {
        int at = 0;
        for (; at + Long.BYTES <= utf8.length; at += Long.BYTES) {
            long word = (long) WORD.get(utf8, at);
            if (((below(word, 0x20) | below(word ^ ONES * '"', 1) | below(word ^ ONES * '\\', 1)) & TOPS) != 0) {
                return false;
            }
        }
        for (; at < utf8.length; at++) {
            byte each = utf8[at];
            if ((each >= 0 && each < 0x20) || each == '"' || each == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Sets the top bit of bytes below a number; if none is, then of no byte. */
    private static long below(long word, int number) {
        return (word - ONES * number) & ~word;
    }
}
