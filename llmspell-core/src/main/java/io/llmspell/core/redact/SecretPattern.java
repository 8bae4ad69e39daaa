package io.llmspell.core.redact;

import java.util.function.IntPredicate;

/**
 * A form that secrets have: a literal prefix, a class of characters, a least number of them. Found in linear time.
 *
 * @param prefix the literal
 * @param body which characters follow
 * @param least how many at least
 * @param ignoreCase whether the prefix is found in any case
 * @param assignment whether {@code :} or {@code =} stands between prefix and body
 */
record SecretPattern(String prefix, IntPredicate body, int least, boolean ignoreCase, boolean assignment) {
    static final IntPredicate WORD = c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
    static final IntPredicate UPPER = c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    static final IntPredicate VISIBLE = c -> c > 32 && c != '"' && c != '\'' && c != ',' && c != ';' && c != 127;

    static SecretPattern literal(String prefix, IntPredicate body, int least) {
        return new SecretPattern(prefix, body, least, false, false);
    }

    static SecretPattern assigned(String name, int least) {
        return new SecretPattern(name, VISIBLE, least, true, true);
    }

    /** The start of the secret part for a match of the prefix at {@code at}, or -1. */
    int start(String text, int at) {
        if (!text.regionMatches(ignoreCase, at, prefix, 0, prefix.length())) {
            return -1;
        }
        return assignment ? afterAssignment(text, at + prefix.length()) : at;
    }

    /** The end of the secret part, or -1 if it is too short. */
    int end(String text, int at, int start) {
        int from = assignment ? start : at + prefix.length();
        int end = from;
        while (end < text.length() && body.test(text.charAt(end))) {
            end++;
        }
        return end - from >= least ? end : -1;
    }

    private static int afterAssignment(String text, int from) {
        int i = skipBlank(text, from);
        if (i >= text.length() || (text.charAt(i) != ':' && text.charAt(i) != '=')) {
            return -1;
        }
        i = skipBlank(text, i + 1);
        if (text.regionMatches(true, i, "bearer ", 0, "bearer ".length())) {
            i += "bearer ".length();
        }
        return i;
    }

    private static int skipBlank(String text, int from) {
        int i = from;
        while (i < text.length() && i < from + 4 && (text.charAt(i) == ' ' || text.charAt(i) == '"')) {
            i++;
        }
        return i;
    }
}
