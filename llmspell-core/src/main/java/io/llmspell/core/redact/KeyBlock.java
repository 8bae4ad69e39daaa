package io.llmspell.core.redact;

/** A private key as text between its BEGIN and END lines. */
final class KeyBlock {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int LONGEST_LINE = 80;

    private KeyBlock() {}

    /** The end of the block that begins at {@code at}, the end of the text if it is cut off, or -1. */
    static int end(String text, int at) {
        if (!text.startsWith(BEGIN, at)) {
            return -1;
        }
        String line = text.substring(at + BEGIN.length(), Math.min(text.length(), at + LONGEST_LINE));
        int close = line.indexOf(DASHES);
        if (close < 0 || !line.substring(0, close).contains("PRIVATE KEY")) {
            return -1;
        }
        int end = text.indexOf(END, at + BEGIN.length() + close);
        int last = end < 0 ? -1 : text.indexOf(DASHES, end + END.length());
        return last < 0 ? text.length() : last + DASHES.length();
    }
}
