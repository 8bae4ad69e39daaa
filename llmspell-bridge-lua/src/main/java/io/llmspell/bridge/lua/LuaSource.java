package io.llmspell.bridge.lua;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaString;

/**
 * The text of a chunk before LuaJ's compiler sees it, and the words for what it refuses.
 *
 * <p>Unicode escapes, a code in braces, are rewritten; unknown escapes and malformed numerals are refused.
 */
final class LuaSource {
    private static final String UNEXPECTED = "unexpected symbol";
    /** The largest number up to which each integer has a double of its own. */
    private static final long EXACT = 1L << 53;

    private static final int MAX_SHOWN = 40;
    private static final int MAX_CODE_POINT = 0x7fffffff;
    private static final String SIMPLE_ESCAPES = "abfnrtvxz\\\"'\n\r0123456789";

    private final String chunk;
    private final byte[] text;

    private LuaSource(String chunk, byte[] text) {
        this.chunk = chunk;
        this.text = text;
    }

    /** Checks and rewrites {@code text}, the source of {@code chunk} as messages show it. */
    static LuaSource of(String chunk, byte[] text) throws LuaSyntaxException {
        if (text.length > 0 && text[0] == 27) {
            throw new LuaSyntaxException(chunk, 1, 1, "compiled chunks are refused: only source text can be loaded");
        }
        LuaSource given = new LuaSource(chunk, withoutByteOrderMark(text));
        return new LuaSource(chunk, given.rewritten());
    }

    byte[] text() {
        return text;
    }

    private static byte[] withoutByteOrderMark(byte[] text) {
        boolean hasMark =
                text.length >= 3 && text[0] == (byte) 0xef && text[1] == (byte) 0xbb && text[2] == (byte) 0xbf;
        return hasMark ? java.util.Arrays.copyOfRange(text, 3, text.length) : text;
    }

    private byte[] rewritten() throws LuaSyntaxException {
        ByteArrayOutputStream changed = null;
        int copied = 0;
        LuaScanner scanner = new LuaScanner(text);
        for (scanner.next(); scanner.kind() != LuaScanner.Kind.END; scanner.next()) {
            if (scanner.kind() == LuaScanner.Kind.NUMBER) {
                checkNumber(scanner);
            } else if (scanner.kind() == LuaScanner.Kind.STRING) {
                for (int at = nextEscape(scanner.start(), scanner.end());
                        at >= 0;
                        at = nextEscape(at + 2, scanner.end())) {
                    if (text[at + 1] != 'u') {
                        checkEscape(at);
                        continue;
                    }
                    changed = changed == null ? new ByteArrayOutputStream(text.length) : changed;
                    changed.write(text, copied, at - copied);
                    copied = rewriteUnicode(at, changed);
                }
            }
        }
        if (changed == null) {
            return text;
        }
        changed.write(text, copied, text.length - copied);
        return changed.toByteArray();
    }

    private int nextEscape(int from, int end) {
        for (int at = from; at + 1 < end; at++) {
            if (text[at] == '\\') {
                return at;
            }
        }
        return -1;
    }

    private void checkEscape(int at) throws LuaSyntaxException {
        if (SIMPLE_ESCAPES.indexOf(text[at + 1]) < 0) {
            throw problem(at, "invalid escape sequence '\\" + show(at + 1, at + 2) + "'");
        }
    }

    /** Whether the numeral has digits only; leading zeros do not make it large. */
    private boolean isWhole(LuaScanner scanner) {
        for (int at = scanner.start(); at < scanner.end(); at++) {
            if (text[at] < '0' || text[at] > '9') {
                return false;
            }
        }
        return text[scanner.start()] != '0';
    }

    private void checkNumber(LuaScanner scanner) throws LuaSyntaxException {
        int length = scanner.end() - scanner.start();
        if (LuaNumbers.parse(LuaString.valueOf(text, scanner.start(), length)) == null) {
            throw problem(scanner.start(), "malformed number near '" + show(scanner.start(), scanner.end()) + "'");
        }
        if (isWhole(scanner) && (length > 16 || Long.parseLong(show(scanner.start(), scanner.end())) > EXACT)) {
            throw problem(
                    scanner.start(),
                    "the integer " + show(scanner.start(), scanner.end())
                            + " is beyond 2^53 and would be rounded: write " + show(scanner.start(), scanner.end())
                            + ".0 if that is meant, or read it from text with JSON.parse");
        }
    }

    /** Writes the bytes of the escape at {@code at} and returns where it ends. */
    private int rewriteUnicode(int at, ByteArrayOutputStream out) throws LuaSyntaxException {
        int end = at + 3;
        long point = 0;
        while (end < text.length && Character.digit(text[end], 16) >= 0 && point <= MAX_CODE_POINT) {
            point = point * 16 + Character.digit(text[end], 16);
            end++;
        }
        boolean isComplete = at + 2 < text.length && text[at + 2] == '{' && end < text.length && text[end] == '}';
        if (!isComplete || end == at + 3 || point > MAX_CODE_POINT) {
            throw problem(at, "the escape '\\u' needs a hexadecimal code in braces, such as '\\u{20AC}'");
        }
        LuaString encoded = Utf8Library.encode(point);
        for (int i = 0; i < encoded.m_length; i++) {
            byte[] escape = ("\\" + (1000 + encoded.luaByte(i))).getBytes(StandardCharsets.US_ASCII);
            out.write('\\');
            out.write(escape, 2, 3);
        }
        return end + 1;
    }

    private LuaSyntaxException problem(int offset, String message) {
        return new LuaSyntaxException(chunk, line(offset), column(offset), message);
    }

    /**
     * Words the compiler's complaint.
     *
     * @param line the line the compiler was on, or 0 if it did not say
     * @param consumed how many bytes it had read, the one after the last token included
     */
    LuaSyntaxException complaint(int line, int consumed, String message) {
        LuaScanner token = tokenBefore(consumed);
        String missing = missingConstruct(consumed);
        int at = token.start();
        String near = token.kind() == LuaScanner.Kind.END ? "<eof>" : "'" + show(at, token.end()) + "'";
        // LuaJ adds the number of the symbol, which tells nobody anything.
        String clean = message.startsWith(UNEXPECTED) ? UNEXPECTED : message;
        String text = missing != null ? missing : clean + " near " + near;
        return new LuaSyntaxException(chunk, line > 0 ? line : line(at), column(at), text);
    }

    private LuaScanner tokenBefore(int consumed) {
        LuaScanner found = new LuaScanner(text);
        LuaScanner ahead = new LuaScanner(text);
        found.next();
        ahead.next();
        ahead.next();
        while (found.kind() != LuaScanner.Kind.END && ahead.start() < consumed - 1 && ahead.start() > found.start()) {
            found.next();
            ahead.next();
        }
        boolean isAtEnd = consumed > text.length && ahead.kind() == LuaScanner.Kind.END;
        return isAtEnd ? ahead : found;
    }

    /** Names a construct of later Lua versions at the place of the complaint, or null. */
    private @Nullable String missingConstruct(int consumed) {
        LuaScanner token = tokenBefore(consumed);
        if (token.kind() != LuaScanner.Kind.SYMBOL) {
            return null;
        }
        int at = token.start();
        char symbol = (char) (text[at] & 0xff);
        String rest = show(at, Math.min(at + 8, text.length));
        if (rest.startsWith("<const>") || rest.startsWith("<close>")) {
            return "the attribute '" + rest.substring(0, 7) + "' is not available: leave it out";
        }
        boolean isDoubled = isSame(at - 1, symbol) || isSame(at + 1, symbol);
        return switch (symbol) {
            case '/' -> isDoubled ? "the operator '//' is not available: use math.floor(a / b)" : null;
            case '&' -> "the operator '&' is not available: use bit32.band";
            case '|' -> "the operator '|' is not available: use bit32.bor";
            case '~' -> "the operator '~' is not available: use bit32.bxor or bit32.bnot";
            case '<' -> isDoubled ? "the operator '<<' is not available: use bit32.lshift" : null;
            case '>' -> isDoubled ? "the operator '>>' is not available: use bit32.rshift" : null;
            default -> null;
        };
    }

    private boolean isSame(int at, char symbol) {
        return at >= 0 && at < text.length && text[at] == symbol;
    }

    private int line(int offset) {
        int line = 1;
        for (int i = 0; i < offset && i < text.length; i++) {
            if (text[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    private int column(int offset) {
        int column = 1;
        for (int i = Math.min(offset, text.length) - 1; i >= 0 && text[i] != '\n'; i--) {
            // Continuation bytes of a character are not columns of their own.
            if ((text[i] & 0xc0) != 0x80) {
                column++;
            }
        }
        return column;
    }

    private String show(int from, int to) {
        int end = Math.min(to, text.length);
        String shown = new String(text, from, Math.max(end - from, 0), StandardCharsets.UTF_8);
        return shown.length() > MAX_SHOWN ? shown.substring(0, MAX_SHOWN) + "..." : shown;
    }
}
