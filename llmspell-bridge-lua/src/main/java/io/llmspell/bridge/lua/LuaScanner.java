package io.llmspell.bridge.lua;

/**
 * Cuts source text into tokens, no more exactly than messages and escapes need it.
 *
 * <p>LuaJ's lexer keeps no columns, takes unknown escapes silently and numerals loosely; a pass of
 * this one before it closes those gaps.
 */
final class LuaScanner {
    /** What a token is. */
    enum Kind {
        NAME,
        NUMBER,
        STRING,
        LONG_STRING,
        SYMBOL,
        END
    }

    private final byte[] source;
    private int at;
    private Kind kind = Kind.END;
    private int start;

    LuaScanner(byte[] source) {
        this.source = source;
        if (peek(0) == '#') {
            skipLine();
        }
    }

    Kind kind() {
        return kind;
    }

    int start() {
        return start;
    }

    int end() {
        return at;
    }

    /** Moves to the next token; at the end of the text it stays there. */
    void next() {
        skipBlanks();
        start = at;
        int c = peek(0);
        if (c < 0) {
            kind = Kind.END;
        } else if (isNameStart(c)) {
            kind = Kind.NAME;
            while (isNameStart(peek(0)) || isDigit(peek(0))) {
                at++;
            }
        } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            kind = Kind.NUMBER;
            skipNumber();
        } else if (c == '"' || c == '\'') {
            kind = Kind.STRING;
            skipString(c);
        } else if (c == '[' && longBracket() >= 0) {
            kind = Kind.LONG_STRING;
            skipLongBracket(longBracket());
        } else {
            kind = Kind.SYMBOL;
            at++;
        }
    }

    /** Whether the token is this one character. */
    boolean isSymbol(char symbol) {
        return kind == Kind.SYMBOL && source[start] == symbol;
    }

    private int peek(int ahead) {
        return at + ahead < source.length ? source[at + ahead] & 0xff : -1;
    }

    private static boolean isNameStart(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private void skipBlanks() {
        while (true) {
            int c = peek(0);
            if (c >= 0 && c <= ' ') {
                at++;
            } else if (c == '-' && peek(1) == '-') {
                at += 2;
                int level = peek(0) == '[' ? longBracket() : -1;
                if (level >= 0) {
                    skipLongBracket(level);
                } else {
                    skipLine();
                }
            } else {
                return;
            }
        }
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
            } else if (isNameStart(c) || isDigit(c) || (c == '.' && peek(1) != '.')) {
                at++;
            } else {
                return;
            }
        }
    }

    private void skipString(int quote) {
        at++;
        while (peek(0) >= 0 && peek(0) != quote) {
            if (peek(0) == '\n' || peek(0) == '\r') {
                return;
            }
            if (peek(0) == '\\') {
                at++;
                if (peek(0) == 'z') {
                    at++;
                    while (peek(0) >= 0 && peek(0) <= ' ') {
                        at++;
                    }
                    continue;
                }
                if ((peek(0) == '\r' && peek(1) == '\n') || (peek(0) == '\n' && peek(1) == '\r')) {
                    at++;
                }
            }
            at += peek(0) >= 0 ? 1 : 0;
        }
        at += peek(0) >= 0 ? 1 : 0;
    }

    /** The number of equals signs of a long bracket that begins here, or -1. */
    private int longBracket() {
        int level = 0;
        while (peek(1 + level) == '=') {
            level++;
        }
        return peek(1 + level) == '[' ? level : -1;
    }

    private void skipLongBracket(int level) {
        at += level + 2;
        while (peek(0) >= 0) {
            if (peek(0) == ']') {
                int equals = 0;
                while (peek(1 + equals) == '=') {
                    equals++;
                }
                if (equals == level && peek(1 + equals) == ']') {
                    at += level + 2;
                    return;
                }
                at += equals;
            }
            at++;
        }
    }
}
