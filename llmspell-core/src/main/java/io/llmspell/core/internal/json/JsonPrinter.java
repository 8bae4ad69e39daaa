package io.llmspell.core.internal.json;

import io.llmspell.core.json.PlainText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints one checked value as compact JSON in UTF-8, the same text that the library prints. For one thread. */
final class JsonPrinter {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    private byte[] out;
    private int length;

    /** Makes a printer with so much room; more is made when it is needed. */
    JsonPrinter(int room) {
        out = new byte[room];
    }

    /** A text that needs no escapes. */
    static byte[] quoted(byte[] plain) {
        byte[] quoted = new byte[plain.length + 2];
        System.arraycopy(plain, 0, quoted, 1, plain.length);
        quoted[0] = '"';
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    byte[] printed(@Nullable Object value) {
        print(value);
        return length == out.length ? out : Arrays.copyOf(out, length);
    }

    private void print(@Nullable Object value) {
        if (value instanceof String text) {
            text(text);
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof Iterable<?> array) {
            array(array);
        } else if (value instanceof Double real) {
            ascii(DoubleText.of(real));
        } else if (value instanceof Number number) {
            ascii(number.toString());
        } else {
            raw(value == null ? NULL : (Boolean) value ? TRUE : FALSE);
        }
    }

    private void object(Map<?, ?> map) {
        single('{');
        boolean first = true;
        for (Map.Entry<?, ?> member : map.entrySet()) {
            if (!first) {
                single(',');
            }
            first = false;
            text((String) member.getKey());
            single(':');
            print(member.getValue());
        }
        single('}');
    }

    private void array(Iterable<?> array) {
        single('[');
        boolean first = true;
        for (Object element : array) {
            if (!first) {
                single(',');
            }
            first = false;
            print(element);
        }
        single(']');
    }

    private void text(String text) {
        single('"');
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8); // half pairs were refused, so nothing is replaced
        if (PlainText.needsNoEscape(bytes)) {
            raw(bytes);
        } else {
            escaped(bytes);
        }
        single('"');
    }

    private void escaped(byte[] bytes) {
        for (byte each : bytes) {
            switch (each) {
                case '"', '\\' -> escape(each);
                case '\n' -> escape((byte) 'n');
                case '\r' -> escape((byte) 'r');
                case '\t' -> escape((byte) 't');
                case '\b' -> escape((byte) 'b');
                case '\f' -> escape((byte) 'f');
                default -> {
                    if (each >= 0 && each < 0x20) {
                        ascii("\\u00");
                        single((char) HEX[each >> 4]);
                        single((char) HEX[each & 0xF]);
                    } else {
                        room(1);
                        out[length++] = each;
                    }
                }
            }
        }
    }

    private void escape(byte letter) {
        room(2);
        out[length++] = '\\';
        out[length++] = letter;
    }

    private void single(char sign) {
        room(1);
        out[length++] = (byte) sign;
    }

    private void ascii(String text) {
        raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
    }

    private void room(int more) {
        int needed = Math.addExact(length, more);
        if (needed > out.length) {
            out = Arrays.copyOf(out, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * out.length)));
        }
    }
}
