package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * One search of a Lua pattern in a text.
 *
 * <p>Every step is charged to the guard, so a pattern that explodes is stopped like any loop. Nesting
 * is capped at {@link #MAX_DEPTH}, as in the reference implementation.
 */
final class LuaPattern {
    static final int MAX_DEPTH = 200;
    static final int MAX_CAPTURES = 32;

    private static final int OPEN = -1;
    private static final int POSITION = -2;
    private static final int ESCAPE = '%';

    private final LuaMachine machine;
    private final LuaString text;
    private final LuaString pattern;
    private final int[] captureStart = new int[MAX_CAPTURES];
    private final int[] captureLength = new int[MAX_CAPTURES];
    private int captures;
    private int depth;

    LuaPattern(LuaMachine machine, LuaString text, LuaString pattern) {
        this.machine = machine;
        this.text = text;
        this.pattern = pattern;
    }

    /** Matches the pattern from {@code patternStart} at {@code start}; returns the end or -1. */
    int match(int start, int patternStart) {
        captures = 0;
        depth = 0;
        return doMatch(start, patternStart);
    }

    private int doMatch(int start, int patternStart) {
        if (++depth > MAX_DEPTH) {
            throw machine.error("pattern too complex");
        }
        try {
            return matchHere(start, patternStart);
        } finally {
            depth--;
        }
    }

    private int matchHere(int start, int patternStart) {
        int s = start;
        int p = patternStart;
        while (p < pattern.m_length) {
            machine.guard.tick();
            int c = pattern.luaByte(p);
            if (c == '(') {
                return isAt(p + 1, ')') ? startCapture(s, p + 2, POSITION) : startCapture(s, p + 1, OPEN);
            }
            if (c == ')') {
                return endCapture(s, p + 1);
            }
            if (c == '$' && p + 1 == pattern.m_length) {
                return s == text.m_length ? s : -1;
            }
            if (c == ESCAPE && isAt(p + 1, 'b')) {
                s = matchBalance(s, p + 2);
                p += 4;
            } else if (c == ESCAPE && isAt(p + 1, 'f')) {
                s = matchFrontier(s, p + 2);
                p = classEnd(p + 2);
            } else if (c == ESCAPE && p + 1 < pattern.m_length && isDigit(pattern.luaByte(p + 1))) {
                s = matchBackReference(s, pattern.luaByte(p + 1));
                p += 2;
            } else {
                int end = classEnd(p);
                int suffix = end < pattern.m_length ? pattern.luaByte(end) : 0;
                if (suffix == '*' || suffix == '+' || suffix == '-' || suffix == '?') {
                    return matchRepeated(s, p, end, suffix);
                }
                s = matchesOne(s, p, end) ? s + 1 : -1;
                p = end;
            }
            if (s < 0) {
                return -1;
            }
        }
        return s;
    }

    private int matchRepeated(int s, int p, int end, int suffix) {
        return switch (suffix) {
            case '*' -> maxExpand(s, p, end);
            case '+' -> matchesOne(s, p, end) ? maxExpand(s + 1, p, end) : -1;
            case '-' -> minExpand(s, p, end);
            default -> {
                int found = matchesOne(s, p, end) ? doMatch(s + 1, end + 1) : -1;
                yield found >= 0 ? found : doMatch(s, end + 1);
            }
        };
    }

    private int maxExpand(int s, int p, int end) {
        int count = 0;
        while (matchesOne(s + count, p, end)) {
            machine.guard.tick();
            count++;
        }
        for (; count >= 0; count--) {
            machine.guard.tick();
            int found = doMatch(s + count, end + 1);
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }

    private int minExpand(int start, int p, int end) {
        int s = start;
        while (true) {
            machine.guard.tick();
            int found = doMatch(s, end + 1);
            if (found >= 0) {
                return found;
            }
            if (!matchesOne(s, p, end)) {
                return -1;
            }
            s++;
        }
    }

    private int startCapture(int s, int p, int what) {
        if (captures >= MAX_CAPTURES) {
            throw machine.error("too many captures");
        }
        captureStart[captures] = s;
        captureLength[captures] = what;
        captures++;
        int found = doMatch(s, p);
        if (found < 0) {
            captures--;
        }
        return found;
    }

    private int endCapture(int s, int p) {
        int index = openCapture();
        captureLength[index] = s - captureStart[index];
        int found = doMatch(s, p);
        if (found < 0) {
            captureLength[index] = OPEN;
        }
        return found;
    }

    private int openCapture() {
        for (int i = captures - 1; i >= 0; i--) {
            if (captureLength[i] == OPEN) {
                return i;
            }
        }
        throw machine.error("invalid pattern capture");
    }

    private int matchBalance(int s, int p) {
        if (p + 1 >= pattern.m_length) {
            throw machine.error("malformed pattern (missing arguments to '%b')");
        }
        int open = pattern.luaByte(p);
        int close = pattern.luaByte(p + 1);
        if (s >= text.m_length || text.luaByte(s) != open) {
            return -1;
        }
        int nesting = 1;
        for (int i = s + 1; i < text.m_length; i++) {
            machine.guard.tick();
            int c = text.luaByte(i);
            if (c == close) {
                if (--nesting == 0) {
                    return i + 1;
                }
            } else if (c == open) {
                nesting++;
            }
        }
        return -1;
    }

    private int matchFrontier(int s, int p) {
        if (!isAt(p, '[')) {
            throw machine.error("missing '[' after '%f' in pattern");
        }
        int end = classEnd(p);
        int before = s == 0 ? 0 : text.luaByte(s - 1);
        int after = s == text.m_length ? 0 : text.luaByte(s);
        return !matchesSet(before, p, end - 1) && matchesSet(after, p, end - 1) ? s : -1;
    }

    private int matchBackReference(int s, int digit) {
        int index = digit - '1';
        if (index < 0 || index >= captures || captureLength[index] == OPEN) {
            throw machine.error("invalid capture index %" + (index + 1));
        }
        int length = Math.max(captureLength[index], 0);
        machine.guard.chargeBytes(length);
        boolean isSame = text.m_length - s >= length
                && LuaString.equals(
                        text.m_bytes, text.m_offset + captureStart[index], text.m_bytes, text.m_offset + s, length);
        return isSame ? s + length : -1;
    }

    private boolean isAt(int p, int c) {
        return p < pattern.m_length && pattern.luaByte(p) == c;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Returns where the single-character class at {@code start} ends. */
    private int classEnd(int start) {
        int p = start;
        int c = pattern.luaByte(p++);
        if (c == ESCAPE) {
            if (p >= pattern.m_length) {
                throw machine.error("malformed pattern (ends with '%')");
            }
            return p + 1;
        }
        if (c != '[') {
            return p;
        }
        if (isAt(p, '^')) {
            p++;
        }
        do {
            machine.guard.tick();
            if (p >= pattern.m_length) {
                throw machine.error("malformed pattern (missing ']')");
            }
            if (pattern.luaByte(p++) == ESCAPE) {
                p++;
            }
        } while (!isAt(p, ']'));
        return p + 1;
    }

    private boolean matchesOne(int s, int p, int end) {
        if (s >= text.m_length) {
            return false;
        }
        int c = text.luaByte(s);
        return switch (pattern.luaByte(p)) {
            case '.' -> true;
            case ESCAPE -> matchesClass(c, pattern.luaByte(p + 1));
            case '[' -> matchesSet(c, p, end - 1);
            default -> pattern.luaByte(p) == c;
        };
    }

    private boolean matchesSet(int c, int start, int last) {
        boolean isPositive = true;
        int p = start;
        if (pattern.luaByte(p + 1) == '^') {
            isPositive = false;
            p++;
        }
        while (++p < last) {
            machine.guard.tick();
            if (pattern.luaByte(p) == ESCAPE) {
                p++;
                if (matchesClass(c, pattern.luaByte(p))) {
                    return isPositive;
                }
            } else if (pattern.luaByte(p + 1) == '-' && p + 2 < last) {
                p += 2;
                if (pattern.luaByte(p - 2) <= c && c <= pattern.luaByte(p)) {
                    return isPositive;
                }
            } else if (pattern.luaByte(p) == c) {
                return isPositive;
            }
        }
        return !isPositive;
    }

    /** Classes of the C locale: only ASCII letters are letters. */
    private static boolean matchesClass(int c, int name) {
        int lower = name | 0x20;
        boolean isIn;
        switch (lower) {
            case 'a' -> isIn = isLetter(c);
            case 'c' -> isIn = c < 32 || c == 127;
            case 'd' -> isIn = isDigit(c);
            case 'g' -> isIn = c > 32 && c < 127;
            case 'l' -> isIn = c >= 'a' && c <= 'z';
            case 'p' -> isIn = c > 32 && c < 127 && !isLetter(c) && !isDigit(c);
            case 's' -> isIn = c == ' ' || (c >= 9 && c <= 13);
            case 'u' -> isIn = c >= 'A' && c <= 'Z';
            case 'w' -> isIn = isLetter(c) || isDigit(c);
            case 'x' -> isIn = isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            case 'z' -> isIn = c == 0;
            default -> {
                return name == c;
            }
        }
        boolean isComplement = name >= 'A' && name <= 'Z';
        return isLetter(name) ? isIn != isComplement : name == c;
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** How many values a match gives: its captures, or itself if the pattern has none. */
    int captureCount(boolean wholeIfNone) {
        return captures == 0 && wholeIfNone ? 1 : captures;
    }

    /** Returns the capture {@code index}, from 0, of the match from {@code start} to {@code end}. */
    LuaValue capture(int index, int start, int end) {
        if (index >= captures) {
            if (index != 0) {
                throw machine.error("invalid capture index %" + (index + 1));
            }
            return part(start, end);
        }
        if (captureLength[index] == OPEN) {
            throw machine.error("unfinished capture");
        }
        if (captureLength[index] == POSITION) {
            return LuaValue.valueOf(captureStart[index] + 1);
        }
        return part(captureStart[index], captureStart[index] + captureLength[index]);
    }

    private LuaString part(int from, int to) {
        return StringLibrary.part(machine.guard, text, from, to);
    }

    /** Returns all captures; the whole match stands for a pattern without any if wanted. */
    Varargs captures(int start, int end, boolean wholeIfNone) {
        LuaValue[] values = new LuaValue[captureCount(wholeIfNone)];
        for (int i = 0; i < values.length; i++) {
            values[i] = capture(i, start, end);
        }
        return LuaValue.varargsOf(values);
    }
}
