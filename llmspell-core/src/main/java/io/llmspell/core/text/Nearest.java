package io.llmspell.core.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Finds the names that someone may have meant.
 *
 * <p>By optimal string alignment distance (Damerau 1964, without repeated transpositions). <b>Threads:</b> safe.
 */
public final class Nearest {
    private static final int MOST = 3;
    private static final int LONGEST = 128;

    private Nearest() {}

    /**
     * The nearest names.
     *
     * @param text what was written
     * @param names what exists
     * @return at most three names, nearest first; empty if none is close
     */
    public static List<String> of(String text, Collection<String> names) {
        if (text.length() > LONGEST) {
            return List.of();
        }
        String wanted = text.toLowerCase(Locale.ROOT);
        int limit = Math.max(2, wanted.length() / 3);
        return names.stream()
                .map(name -> new Candidate(name, distance(wanted, name.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.distance <= limit)
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(MOST)
                .map(Candidate::name)
                .toList();
    }

    /**
     * A hint for a message.
     *
     * @param text what was written
     * @param names what exists
     * @return such as {@code did you mean "a" or "b"?}, or the empty text
     */
    public static String hint(String text, Collection<String> names) {
        List<String> near = of(text, names);
        return near.isEmpty() ? "" : "did you mean \"" + String.join("\" or \"", near) + "\"?";
    }

    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(int[][] cost, String a, String b, int i, int j) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + same);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }

    private record Candidate(String name, int distance) {}
}
