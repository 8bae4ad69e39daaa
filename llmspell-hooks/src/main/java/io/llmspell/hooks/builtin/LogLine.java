package io.llmspell.hooks.builtin;

import io.llmspell.core.json.JsonCodec;
import java.util.HexFormat;

/** One line of a log as {@code name=value} pairs; nothing in a value can begin another line or pair. */
final class LogLine {
    private static final HexFormat HEX = HexFormat.of();

    private final StringBuilder line;
    private final JsonCodec json;

    LogLine(String head, JsonCodec json) {
        this.line = new StringBuilder(plain(head));
        this.json = json;
    }

    /** Adds a text, in quotes if it needs them. */
    LogLine add(String name, String value) {
        return raw(name, simple(value) ? value : json.text(value));
    }

    /** Adds what is JSON already. */
    LogLine raw(String name, String value) {
        line.append(' ').append(name).append('=').append(plain(value));
        return this;
    }

    private static boolean simple(String value) {
        return !value.isEmpty()
                && value.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\');
    }

    /** Writes whatever could end a line or turn its direction as an escape. */
    private static String plain(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || turns(c)) {
                out.append("\\u").append(HEX.toHexDigits(c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean turns(char c) {
        return c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }

    @Override
    public String toString() {
        return line.toString();
    }
}
