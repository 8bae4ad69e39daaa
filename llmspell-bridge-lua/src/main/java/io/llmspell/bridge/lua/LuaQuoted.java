package io.llmspell.bridge.lua;

import java.io.ByteArrayOutputStream;
import org.luaj.vm2.LuaString;

/** Reads one string in quotes, with its escapes. */
final class LuaQuoted {
    private static final long MAX_CODE_POINT = 0x7fffffffL;

    private final LuaLexer lexer;
    private final int quote;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    LuaQuoted(LuaLexer lexer, int quote) {
        this.lexer = lexer;
        this.quote = quote;
    }

    byte[] read() {
        lexer.take();
        while (lexer.peek(0) != quote) {
            int c = lexer.peek(0);
            if (c < 0 || c == '\n' || c == '\r') {
                throw lexer.problemAt(0, "unfinished string near " + lexer.shownSoFar());
            }
            if (c == '\\') {
                lexer.take();
                readEscape();
            } else {
                bytes.write(lexer.take());
            }
        }
        lexer.take();
        return bytes.toByteArray();
    }

    private void readEscape() {
        int c = lexer.peek(0);
        if (c == '\n' || c == '\r') {
            lexer.takeLineEnd();
            bytes.write('\n');
            return;
        }
        if (LuaLexer.isDigit(c)) {
            readDecimal();
            return;
        }
        if (c < 0) {
            return; // the loop reports the end
        }
        lexer.take();
        switch (c) {
            case 'a' -> bytes.write(7);
            case 'b' -> bytes.write('\b');
            case 'f' -> bytes.write('\f');
            case 'n' -> bytes.write('\n');
            case 'r' -> bytes.write('\r');
            case 't' -> bytes.write('\t');
            case 'v' -> bytes.write(11);
            case 'x' -> bytes.write(hex() * 16 + hex());
            case 'z' -> skipBlanks();
            case 'u' -> readCodePoint();
            case '\\', '"', '\'' -> bytes.write(c);
            default ->
                throw lexer.problemAt(
                        2, "invalid escape sequence '\\" + (c > ' ' && c < 0x7f ? String.valueOf((char) c) : "") + "'");
        }
    }

    private void readDecimal() {
        int value = 0;
        int count = 0;
        while (count < 3 && LuaLexer.isDigit(lexer.peek(0))) {
            value = value * 10 + lexer.take() - '0';
            count++;
        }
        if (value > 255) {
            throw lexer.problemAt(count + 1, "decimal escape too large near '\\" + value + "'");
        }
        bytes.write(value);
    }

    private int hex() {
        int digit = lexer.peek(0) < 0 ? -1 : Character.digit(lexer.peek(0), 16);
        if (digit < 0) {
            throw lexer.problemAt(0, "hexadecimal digit expected near " + lexer.shownSoFar());
        }
        lexer.take();
        return digit;
    }

    private void skipBlanks() {
        while (true) {
            int c = lexer.peek(0);
            if (c == '\n' || c == '\r') {
                lexer.takeLineEnd();
            } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
                lexer.take();
            } else {
                return;
            }
        }
    }

    private void readCodePoint() {
        int length = 1;
        long point = 0;
        boolean isOpen = lexer.peek(0) == '{' && Character.digit(Math.max(lexer.peek(1), 0), 16) >= 0;
        while (isOpen && point <= MAX_CODE_POINT && Character.digit(Math.max(lexer.peek(length), 0), 16) >= 0) {
            point = point * 16 + Character.digit(lexer.peek(length), 16);
            length++;
        }
        if (!isOpen || lexer.peek(length) != '}' || point > MAX_CODE_POINT) {
            throw lexer.problemAt(2, "the escape '\\u' needs a hexadecimal code in braces, such as '\\u{20AC}'");
        }
        for (int i = 0; i <= length; i++) {
            lexer.take();
        }
        LuaString encoded = Utf8Library.encode(point);
        bytes.write(encoded.m_bytes, encoded.m_offset, encoded.m_length);
    }
}
