package io.llmspell.core.redact;

import java.util.function.IntPredicate;

/**
 * A form that secrets have: a literal prefix, a class of characters, a least number of them. Found in linear time.
 *
 * @param prefix the literal
 * @param body which characters follow
 * @param least how many at least
 * @param separators what may stand between prefix and body; empty if nothing does
 * @param sentences whether a body in quotes goes on to the closing quote
 */
record SecretPattern(String prefix, IntPredicate body, int least, String separators, boolean sentences) {
    static final IntPredicate WORD = c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
    static final IntPredicate UPPER = c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    private static final IntPredicate VISIBLE =
            c -> c > 32 && c != '"' && c != '\'' && c != ',' && c != ';' && c != 127;
    private static final String BEARER = "bearer ";
    private static final int MOST_FILLERS = 8;

    static SecretPattern literal(String prefix, IntPredicate body, int least) {
        return new SecretPattern(prefix, body, least, "", false);
    }

    static SecretPattern assigned(String name, int least) {
        return new SecretPattern(name, VISIBLE, least, ":=", false);
    }

    /** As {@link #assigned}, or with a blank alone, as in the header {@code Authorization: Bearer …}. */
    static SecretPattern announced(String name, int least) {
        return new SecretPattern(name, VISIBLE, least, ":= ", false);
    }

    /** As {@link #assigned}, for what people make up: in quotes it may hold blanks and commas. */
    static SecretPattern phrase(String name, int least) {
        return new SecretPattern(name, VISIBLE, least, ":=", true);
    }

    /** Whether something stands between prefix and body, so that the prefix is a name and no part of the secret. */
    boolean assignment() {
        return !separators.isEmpty();
    }

    /** The start of the secret part for a match of the prefix at {@code at}, or -1. */
    int start(String text, int at) {
        if (!text.regionMatches(assignment(), at, prefix, 0, prefix.length())) {
            return -1;
        }
        return assignment() ? afterSeparator(text, at + prefix.length()) : at;
    }

    /** The end of the secret part, or -1 if it is too short. */
    int end(String text, int at, int start) {
        int from = assignment() ? start : at + prefix.length();
        int end = sentences ? sentenceEnd(text, from) : runEnd(text, from, body);
        return end - from >= least ? end : -1;
    }

    private int sentenceEnd(String text, int from) {
        char quote = text.charAt(from - 1);
        if (quote == '"' || quote == '\'') {
            int end = runEnd(text, from, c -> c != quote && c != '\n');
            if (end < text.length() && text.charAt(end) == quote) {
                return end;
            }
        }
        return runEnd(text, from, body);
    }

    /** A key block within a value belongs to it as a whole, blanks, quotes and line ends included. */
    private int runEnd(String text, int from, IntPredicate goesOn) {
        int end = from;
        while (end < text.length() && goesOn.test(text.charAt(end))) {
            int block = assignment() ? KeyBlock.end(text, end) : -1;
            end = block < 0 ? end + 1 : block;
        }
        return end;
    }

    private int afterSeparator(String text, int from) {
        int i = skipFillers(text, from);
        if (i < text.length() && (text.charAt(i) == ':' || text.charAt(i) == '=')) {
            i = skipFillers(text, i + 1);
        } else if (i == from || separators.indexOf(' ') < 0) {
            return -1;
        }
        return text.regionMatches(true, i, BEARER, 0, BEARER.length()) ? skipFillers(text, i + BEARER.length()) : i;
    }

    private static int skipFillers(String text, int from) {
        int i = from;
        while (i < text.length() && i < from + MOST_FILLERS && " \t\"'\\".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }
}
