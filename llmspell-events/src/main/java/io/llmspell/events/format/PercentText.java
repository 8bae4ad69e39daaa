package io.llmspell.events.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/** Percent-encoding of UTF-8, as headers and URIs want it. */
final class PercentText {
    private static final String HEX = "0123456789ABCDEF";

    private PercentText() {}

    /** Encodes what a header must not hold, by the HTTP binding of CloudEvents. */
    static String header(String text) {
        return encoded(text, c -> c > 0x20 && c < 0x7f && c != '"' && c != '%');
    }

    /** Encodes all but unreserved characters. */
    static String segment(String text) {
        return encoded(
                text,
                c -> (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || "-._~".indexOf(c) >= 0);
    }

    private static String encoded(String text, IntPredicate plain) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            int c = each & 0xff;
            if (plain.test(c)) {
                out.append((char) c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return out.toString();
    }

    /** Decodes; a percent sign without two digits stands for itself. */
    static String plain(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                out.write(bytes[i]);
            } else {
                out.write((high << 4) | low);
                i += 2;
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
