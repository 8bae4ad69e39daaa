package io.llmspell.core.redact;

import io.llmspell.core.error.ArgumentException;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

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
    private static final String BEARER = "bearer ";
    private static final int MOST_FILLERS = 8;
    private static final int LONGEST_PREFIX = 64;
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");
    private static final Map<String, IntPredicate> CLASSES = Map.of(
            "word", SecretPattern::word,
            "upper", SecretPattern::upper,
            "hex", SecretPattern::hex,
            "digits", SecretPattern::digit,
            "visible", SecretPattern::visible);

    static boolean word(int c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
    }

    static boolean upper(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean visible(int c) {
        return c > 32 && c != '"' && c != '\'' && c != ',' && c != ';' && c != 127;
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean hex(int c) {
        return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    /**
     * Reads a pattern that a user wrote: {@code PREFIX CLASS LENGTH}, such as {@code xoxb- word 24}.
     *
     * @throws ArgumentException {@code invalid_argument} if it has another form
     */
    static SecretPattern parse(String form) {
        String[] parts = form.strip().split("\\s+", -1);
        IntPredicate body = parts.length == 3 ? CLASSES.get(parts[1]) : null;
        if (body == null
                || parts[0].length() > LONGEST_PREFIX
                || !LENGTH.matcher(parts[2]).matches()) {
            throw wrongForm(form);
        }
        int least = Integer.parseInt(parts[2]);
        if (least < 8 || least > 256) {
            throw wrongForm(form);
        }
        return literal(parts[0], body, least);
    }

    private static ArgumentException wrongForm(String form) {
        return new ArgumentException(
                "value pattern",
                form,
                "PREFIX CLASS LENGTH with a prefix of at most " + LONGEST_PREFIX
                        + " characters, one of word, upper, hex, digits, visible, and 8 to 256, such as xoxb- word 24");
    }

    static SecretPattern literal(String prefix, IntPredicate body, int least) {
        return new SecretPattern(prefix, body, least, "", false);
    }

    static SecretPattern assigned(String name, int least) {
        return new SecretPattern(name, SecretPattern::visible, least, ":=", false);
    }

    /** As {@link #assigned}, or with a blank alone, as in the header {@code Authorization: Bearer …}. */
    static SecretPattern announced(String name, int least) {
        return new SecretPattern(name, SecretPattern::visible, least, ":= ", false);
    }

    /** As {@link #assigned}, for what people make up: in quotes it may hold blanks and commas. */
    static SecretPattern phrase(String name, int least) {
        return new SecretPattern(name, SecretPattern::visible, least, ":=", true);
    }

    /** Whether something stands between prefix and body, so that the prefix is a name and no part of the secret. */
    boolean assignment() {
        return !separators.isEmpty();
    }

    /** Whether a text that begins with a character can begin with the prefix. */
    boolean mayBeginWith(int c) {
        char first = prefix.charAt(0);
        return first == c || (assignment() && Character.toUpperCase(first) == Character.toUpperCase(c));
    }

    /** Whether the second character of what begins with the prefix can be this one. */
    boolean mayGoOnWith(int c) {
        if (prefix.length() == 1) {
            return true;
        }
        char second = prefix.charAt(1);
        return second == c || (assignment() && Character.toUpperCase(second) == Character.toUpperCase(c));
    }

    /** The start of the secret part for a match of the prefix at {@code at}, or -1. */
    int start(String text, int at) {
        if (!text.regionMatches(assignment(), at, prefix, 0, prefix.length())) {
            return -1;
        }
        return assignment() ? afterSeparator(text, at + prefix.length()) : at;
    }

    /** Whether a secret part is long enough without the masks in it; so masking twice is masking once. */
    boolean stillLongEnough(int length) {
        return length - (assignment() ? 0 : prefix.length()) >= least;
    }

    /** The end of the secret part, or -1 if it is too short. */
    int end(String text, int at, int start) {
        int from = assignment() ? start : at + prefix.length();
        int end = sentences ? sentenceEnd(text, from) : runEnd(text, from);
        return end - from >= least ? end : -1;
    }

    private int sentenceEnd(String text, int from) {
        char quote = text.charAt(from - 1);
        int end = quote == '"' || quote == '\'' ? closing(text, from, quote) : -1;
        return end < 0 ? runEnd(text, from) : end;
    }

    /** Where the quote that stands before {@code from} is closed in its line, or -1. */
    private static int closing(String text, int from, char quote) {
        boolean escaped = from > 1 && text.charAt(from - 2) == '\\'; // JSON within a text of JSON
        for (int i = from; i < text.length() && text.charAt(i) != '\n'; i++) {
            int block = KeyBlock.end(text, i);
            if (block >= 0) {
                i = block - 1;
            } else if (text.charAt(i) == quote || (escaped && endsEscaped(text, i))) {
                return i;
            } else if (text.charAt(i) == '\\') {
                i++;
            }
        }
        return -1;
    }

    private static boolean endsEscaped(String text, int at) {
        return text.charAt(at) == '\\'
                && at + 1 < text.length()
                && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\'');
    }

    /** A key block within a value belongs to it as a whole, blanks, quotes and line ends included. */
    private int runEnd(String text, int from) {
        int end = from;
        while (end < text.length() && body.test(text.charAt(end)) && !endsEscaped(text, end)) {
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
