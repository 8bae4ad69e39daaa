package io.llmspell.core.redact;

import io.llmspell.core.error.ArgumentException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides by the words of a name whether it names a secret.
 *
 * <p>A name is split at case changes, digits and {@code _ - .}; so {@code dbPassword} is secret and {@code author},
 * {@code total_tokens} and {@code key} are not.
 *
 * @param more names of the user's own as lists of words; a name that has one of them in a row is secret too
 */
record SecretNames(Set<List<String>> more) {
    static final SecretNames DEFAULT = new SecretNames(Set.of());

    private static final Set<String> ANYWHERE = Set.of(
            "password",
            "passwords",
            "passwd",
            "pwd",
            "passphrase",
            "passphrases",
            "secret",
            "secrets",
            "credential",
            "credentials",
            "apikey",
            "apikeys",
            "privatekey");
    private static final Set<String> AT_THE_END = Set.of("token", "auth", "authorization", "bearer");
    private static final Set<String> KEYS = Set.of("key", "keys");
    private static final Set<String> BEFORE_KEY = Set.of("api", "private");

    /** These names and more. */
    SecretNames with(Collection<String> names) {
        Set<List<String>> all = new LinkedHashSet<>(more);
        for (String name : names) {
            List<String> words = words(name);
            if (words.isEmpty()) {
                throw new ArgumentException("sensitive name", name, "a name with at least one letter");
            }
            all.add(List.copyOf(words));
        }
        return new SecretNames(Collections.unmodifiableSet(all));
    }

    /** The verdict on a name; {@link KnownNames} remembers it, since names repeat. */
    boolean matches(String name) {
        List<String> words = words(name);
        for (List<String> own : more) {
            if (Collections.indexOfSubList(words, own) >= 0) {
                return true;
            }
        }
        for (int i = 0; i < words.size(); i++) {
            boolean pair = i > 0 && KEYS.contains(words.get(i)) && BEFORE_KEY.contains(words.get(i - 1));
            if (pair || ANYWHERE.contains(words.get(i))) {
                return true;
            }
        }
        return !words.isEmpty() && AT_THE_END.contains(words.get(words.size() - 1));
    }

    private static List<String> words(String name) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!Character.isLetter(c)) {
                end(word, words);
                continue;
            }
            if (startsWord(name, i)) {
                end(word, words);
            }
            word.append(c);
        }
        end(word, words);
        return words;
    }

    /** A capital begins a word after a small letter, and before one if it ends a run of capitals: {@code APIKey}. */
    private static boolean startsWord(String name, int i) {
        if (i == 0 || !Character.isUpperCase(name.charAt(i))) {
            return false;
        }
        return Character.isLowerCase(name.charAt(i - 1))
                || (i + 1 < name.length() && Character.isLowerCase(name.charAt(i + 1)));
    }

    private static void end(StringBuilder word, List<String> words) {
        if (word.length() > 0) {
            words.add(word.toString().toLowerCase(Locale.ROOT));
            word.setLength(0);
        }
    }
}
