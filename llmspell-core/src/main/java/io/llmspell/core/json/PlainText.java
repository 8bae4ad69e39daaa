package io.llmspell.core.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

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
    private static final int NOTHING = 0;
    private static final int MARK = 1;
    private static final int ESCAPE = 2;

    private PlainText() {}

    /** Whether a text is ASCII without anything to escape; false also for one that is too long to be copied. */
    static boolean isPlain(String text) {
        return text.length() <= LONGEST && utf8(text) != null;
    }

    /**
     * The bytes of a text that JSON writes as it is.
     *
     * @param text the text
     * @return the text in UTF-8, or null if it is not ASCII or has a quote, a backslash or a control character
     */
    public static byte @Nullable [] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length != text.length()) {
            return null;
        }
        int found = find(bytes);
        return found == NOTHING || (found == MARK && !replaced(text, bytes)) ? bytes : null;
    }

    /**
     * Whether JSON writes a text as it is.
     *
     * @param utf8 the text in UTF-8
     * @return false if it has a quote, a backslash or a control character
     */
    public static boolean needsNoEscape(byte[] utf8) {
        return find(utf8) != ESCAPE;
    }

    private static int find(byte[] utf8) {
        long marks = 0;
        int at = 0;
        for (; at + Long.BYTES <= utf8.length; at += Long.BYTES) {
            long word = (long) WORD.get(utf8, at);
            long escapes = below(word, 0x20) | below(word ^ ONES * '"', 1) | below(word ^ ONES * '\\', 1);
            if ((escapes & TOPS) != 0) {
                return ESCAPE;
            }
            marks |= below(word ^ ONES * '?', 1);
        }
        boolean mark = (marks & TOPS) != 0;
        for (; at < utf8.length; at++) {
            byte each = utf8[at];
            if ((each >= 0 && each < 0x20) || each == '"' || each == '\\') {
                return ESCAPE;
            }
            mark |= each == '?';
        }
        return mark ? MARK : NOTHING;
    }

    /** Whether a half surrogate pair became a question mark; each character stands at its place in the bytes. */
    private static boolean replaced(String text, byte[] ascii) {
        for (int at = 0; at < ascii.length; at++) {
            if (ascii[at] == '?' && text.charAt(at) != '?') {
                return true;
            }
        }
        return false;
    }

    /** Sets the top bit of bytes below a number; if none is, then of no byte. */
    private static long below(long word, int number) {
        return (word - ONES * number) & ~word;
    }
}
