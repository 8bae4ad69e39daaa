package io.llmspell.core.text;

/**
 * Matches names against a pattern in which {@code *} stands for any run of characters and {@code ?} for one.
 *
 * <p>Two pointers, so that no pattern takes more than length times length steps. <b>Threads:</b> safe.
 */
public final class Glob {
    private Glob() {}

    /**
     * Whether a pattern matches a whole name.
     *
     * @param pattern the pattern
     * @param name the name
     * @return true if it does
     */
    public static boolean matches(String pattern, String name) {
        int at = 0;
        int token = 0;
        int star = -1;
        int starAt = 0;
        while (at < name.length()) {
            if (token < pattern.length() && pattern.charAt(token) == '*') {
                star = token++;
                starAt = at;
            } else if (token < pattern.length()
                    && (pattern.charAt(token) == '?' || pattern.charAt(token) == name.charAt(at))) {
                token++;
                at++;
            } else if (star >= 0) {
                token = star + 1;
                at = ++starAt;
            } else {
                return false;
            }
        }
        while (token < pattern.length() && pattern.charAt(token) == '*') {
            token++;
        }
        return token == pattern.length();
    }
}
