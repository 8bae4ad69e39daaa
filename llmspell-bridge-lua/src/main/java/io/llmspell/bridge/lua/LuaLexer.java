package io.llmspell.bridge.lua;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;

/**
 * Cuts the bytes of a chunk into tokens, one ahead at most.
 *
 * <p>The work is charged to the guard as it is done.
 */
final class LuaLexer {
    private static final int MAX_SHOWN = 40;
    /** Units for one token of some bytes: a compiler does about as much as an instruction for each four. */
    private static final int UNITS = 4;

    private final byte[] source;
    private final LuaGuard guard;
    private final Map<String, LuaString> texts = new HashMap<>();

    private int at;
    private int readLine = 1;
    private LuaString readText = LuaString.valueOf("");
    private LuaNumber readNumber = LuaInteger.valueOf(0);
    private int readStart;

    private LuaToken token = LuaToken.END_OF_TEXT;
    private LuaString text = readText;
    private LuaNumber number = readNumber;
    private int start;
    private int end;
    private int line = 1;
    private int lastLine = 1;

    private boolean hasAhead;
    private LuaToken ahead = LuaToken.END_OF_TEXT;
    private int aheadEnd;

    LuaLexer(byte[] source, LuaGuard guard) {
        this.source = source;
        this.guard = guard;
        if (peek(0) == '#') {
            skipLine();
        }
    }

    LuaGuard guard() {
        return guard;
    }

    LuaToken token() {
        return token;
    }

    /** The name or string that the token is. */
    LuaString text() {
        return text;
    }

    /** The number that the token is. */
    LuaNumber number() {
        return number;
    }

    /** The line on which the token ends. */
    int line() {
        return line;
    }

    /** The line of the token before. */
    int lastLine() {
        return lastLine;
    }

    void next() {
        lastLine = line;
        if (hasAhead) {
            hasAhead = false;
            token = ahead;
            end = aheadEnd;
        } else {
            token = read();
            end = at;
        }
        start = readStart;
        text = readText;
        number = readNumber;
        line = readLine;
    }

    /** Reads one token more without moving; the present one must have been used before {@link #next()}. */
    LuaToken lookAhead() {
        ahead = read();
        aheadEnd = at;
        hasAhead = true;
        return ahead;
    }

    /** A problem at the present token. */
    LuaProblem problemHere(String message) {
        String near = token == LuaToken.END_OF_TEXT ? "<eof>" : "'" + show(start, end) + "'";
        return new LuaProblem(line, start, message + " near " + near);
    }

    /** A problem of meaning, whose text says the place itself. */
    LuaProblem problemOfMeaning(String message) {
        return new LuaProblem(line, start, message);
    }

    private LuaToken read() {
        skipBlanks();
        readStart = at;
        LuaToken read = readToken();
        guard.charge(UNITS + ((at - readStart) >> 2));
        return read;
    }

    private LuaToken readToken() {
        int c = peek(0);
        if (c < 0) {
            return LuaToken.END_OF_TEXT;
        }
        if (isNameStart(c)) {
            return readWord();
        }
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            skipNumber();
            return readNumeral();
        }
        if (c == '"' || c == '\'') {
            readText = intern(new LuaQuoted(this, c).read());
            return LuaToken.STRING;
        }
        if (c == '[') {
            return readBracket();
        }
        at++;
        return symbol(c);
    }

    private LuaToken readBracket() {
        int level = longBracket();
        if (level >= 0) {
            readText = intern(readLong(level, "string"));
            return LuaToken.STRING;
        }
        if (level < -1) {
            throw new LuaProblem(readLine, at, "invalid long string delimiter near '" + show(at, at - level) + "'");
        }
        at++;
        return LuaToken.LEFT_BRACKET;
    }

    private LuaToken symbol(int c) {
        return switch (c) {
            case '+' -> LuaToken.PLUS;
            case '-' -> LuaToken.MINUS;
            case '*' -> LuaToken.STAR;
            case '/' -> either('/', LuaToken.DOUBLE_SLASH, LuaToken.SLASH);
            case '%' -> LuaToken.PERCENT;
            case '^' -> LuaToken.CARET;
            case '#' -> LuaToken.HASH;
            case '&' -> LuaToken.AMPERSAND;
            case '~' -> either('=', LuaToken.NOT_EQUAL, LuaToken.TILDE);
            case '|' -> LuaToken.BAR;
            case '<' ->
                peek(0) == '<'
                        ? either('<', LuaToken.SHIFT_LEFT, LuaToken.LESS)
                        : either('=', LuaToken.LESS_EQUAL, LuaToken.LESS);
            case '>' ->
                peek(0) == '>'
                        ? either('>', LuaToken.SHIFT_RIGHT, LuaToken.GREATER)
                        : either('=', LuaToken.GREATER_EQUAL, LuaToken.GREATER);
            case '=' -> either('=', LuaToken.EQUAL, LuaToken.ASSIGN);
            case '(' -> LuaToken.LEFT_PARENTHESIS;
            case ')' -> LuaToken.RIGHT_PARENTHESIS;
            case '{' -> LuaToken.LEFT_BRACE;
            case '}' -> LuaToken.RIGHT_BRACE;
            case ']' -> LuaToken.RIGHT_BRACKET;
            case ':' -> either(':', LuaToken.DOUBLE_COLON, LuaToken.COLON);
            case ';' -> LuaToken.SEMICOLON;
            case ',' -> LuaToken.COMMA;
            case '.' -> dots();
            default -> throw new LuaProblem(readLine, readStart, "unexpected symbol near '" + shownSymbol(c) + "'");
        };
    }

    private String shownSymbol(int c) {
        if (c < ' ' || c == 0x7f) {
            return "<\\" + c + ">";
        }
        int to = at;
        while (to < source.length && (source[to] & 0xc0) == 0x80) {
            to++;
        }
        return show(readStart, to);
    }

    private LuaToken either(char second, LuaToken doubled, LuaToken single) {
        if (peek(0) != second) {
            return single;
        }
        at++;
        return doubled;
    }

    private LuaToken dots() {
        if (peek(0) != '.') {
            return LuaToken.DOT;
        }
        at++;
        return either('.', LuaToken.DOTS, LuaToken.CONCAT);
    }

    private LuaToken readWord() {
        int from = at;
        while (isNameStart(peek(0)) || isDigit(peek(0))) {
            at++;
        }
        String word = new String(source, from, at - from, StandardCharsets.ISO_8859_1);
        LuaToken reserved = LuaToken.word(word);
        if (reserved != null) {
            return reserved;
        }
        readText = texts.computeIfAbsent(word, LuaNumbers::ascii);
        return LuaToken.NAME;
    }

    /** Gives equal texts of a chunk one object, which makes comparing them cheap. */
    LuaString intern(byte[] bytes) {
        return texts.computeIfAbsent(
                new String(bytes, StandardCharsets.ISO_8859_1), key -> LuaString.valueUsing(bytes));
    }

    private LuaToken readNumeral() {
        LuaString numeral = LuaString.valueOf(source, readStart, at - readStart);
        String shown = show(readStart, at);
        LuaNumber value = LuaNumbers.parse(numeral);
        if (value == null) {
            throw new LuaProblem(readLine, readStart, "malformed number near '" + shown + "'");
        }
        if (LuaNumbers.isBeyondExact(numeral, value)) {
            throw new LuaProblem(
                    readLine,
                    readStart,
                    "the integer " + shown + " is beyond 2^53 and would be rounded: write " + shown
                            + ".0 if that is meant, or read it from text with JSON.parse");
        }
        readNumber = value;
        return LuaToken.NUMBER;
    }

    // ---- bytes; LuaQuoted reads them too

    int peek(int ahead) {
        return at + ahead < source.length ? source[at + ahead] & 0xff : -1;
    }

    int take() {
        return source[at++] & 0xff;
    }

    /** Passes a line end of one or two bytes. */
    void takeLineEnd() {
        int first = take();
        int second = peek(0);
        if ((second == '\n' || second == '\r') && second != first) {
            at++;
        }
        readLine++;
    }

    /** A problem from {@code back} bytes before the present one. */
    LuaProblem problemAt(int back, String message) {
        return new LuaProblem(readLine, at - back, message);
    }

    /** The token as far as it is read. */
    String shownSoFar() {
        return peek(0) < 0 ? "<eof>" : "'" + show(readStart, at) + "'";
    }

    private static boolean isNameStart(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private void skipBlanks() {
        while (true) {
            int c = peek(0);
            if (c == '\n' || c == '\r') {
                takeLineEnd();
            } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
                at++;
            } else if (c == '-' && peek(1) == '-') {
                skipComment();
            } else {
                return;
            }
        }
    }

    private void skipComment() {
        int from = at;
        at += 2;
        int level = peek(0) == '[' ? longBracket() : -1;
        if (level >= 0) {
            readLong(level, "comment");
        } else {
            skipLine();
        }
        guard.charge((at - from) >> 4);
    }

    private void skipLine() {
        while (peek(0) >= 0 && peek(0) != '\n' && peek(0) != '\r') {
            at++;
        }
    }

    private void skipNumber() {
        boolean isHex = peek(0) == '0' && (peek(1) | 0x20) == 'x';
        at += isHex ? 2 : 0;
        while (true) {
            int c = peek(0);
            if ((c | 0x20) == (isHex ? 'p' : 'e') && (peek(1) == '+' || peek(1) == '-')) {
                at += 2;
            } else if (isNameStart(c) || isDigit(c) || c == '.') {
                at++;
            } else {
                return;
            }
        }
    }

    /** The number of equals signs of a long bracket that begins here; less than 0 if none does. */
    private int longBracket() {
        int level = 0;
        while (peek(1 + level) == '=') {
            level++;
        }
        return peek(1 + level) == '[' ? level : -1 - level;
    }

    private byte[] readLong(int level, String what) {
        int from = readLine;
        at += level + 2;
        if (peek(0) == '\n' || peek(0) == '\r') {
            takeLineEnd();
        }
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        while (true) {
            int c = peek(0);
            if (c < 0) {
                throw new LuaProblem(
                        readLine,
                        readStart,
                        "unfinished long " + what + " (starting at line " + from + ") near '<eof>'");
            }
            if (c == ']' && closes(level)) {
                at += level + 2;
                return bytes.toByteArray();
            }
            if (c == '\n' || c == '\r') {
                takeLineEnd();
                bytes.write('\n');
            } else {
                bytes.write(take());
            }
        }
    }

    private boolean closes(int level) {
        for (int i = 1; i <= level; i++) {
            if (peek(i) != '=') {
                return false;
            }
        }
        return peek(level + 1) == ']';
    }

    private String show(int from, int to) {
        int stop = Math.min(to, source.length);
        String shown = new String(source, from, Math.max(stop - from, 0), StandardCharsets.UTF_8);
        return shown.length() > MAX_SHOWN ? shown.substring(0, MAX_SHOWN) + "..." : shown;
    }
}
