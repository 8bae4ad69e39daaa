package io.llmspell.agents;

import java.util.StringTokenizer;

/** Texts as words between white space: the tokens of the offline models. */
final class Words {
    private Words() {}

    static long count(String text) {
        return new StringTokenizer(text).countTokens();
    }

    static String first(String text, int count) {
        StringTokenizer words = new StringTokenizer(text);
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < count && words.hasMoreTokens(); i++) {
            kept.append(i == 0 ? "" : " ").append(words.nextToken());
        }
        return kept.toString();
    }
}
