package io.llmspell.tools.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words of a text or name, in lower case: split where letters and digits end and where the case rises. */
final class Words {
    private Words() {}

    static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            if (i > 0 && begins(points, i)) {
                finish(word, words);
            }
            if (Character.isLetterOrDigit(points[i])) {
                word.appendCodePoint(points[i]);
            } else {
                finish(word, words);
            }
        }
        finish(word, words);
        return words;
    }

    /** aB begins a word at B, and HTTPServer one at S. */
    private static boolean begins(int[] points, int i) {
        if (!Character.isUpperCase(points[i])) {
            return false;
        }
        boolean afterSmall = Character.isLowerCase(points[i - 1]) || Character.isDigit(points[i - 1]);
        boolean beforeSmall = i + 1 < points.length && Character.isLowerCase(points[i + 1]);
        return afterSmall || (Character.isUpperCase(points[i - 1]) && beforeSmall);
    }

    private static void finish(StringBuilder word, List<String> words) {
        if (word.length() > 0) {
            words.add(word.toString().toLowerCase(Locale.ROOT));
            word.setLength(0);
        }
    }

    static String camel(String text, boolean firstToo) {
        StringBuilder joined = new StringBuilder();
        for (String word : of(text)) {
            int first = word.offsetByCodePoints(0, 1);
            boolean raised = firstToo || joined.length() > 0;
            joined.append(raised ? word.substring(0, first).toUpperCase(Locale.ROOT) : word.substring(0, first));
            joined.append(word.substring(first));
        }
        return joined.toString();
    }
}
