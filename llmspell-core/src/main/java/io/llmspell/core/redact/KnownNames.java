package io.llmspell.core.redact;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which names are secret: the same few names come again and again, and splitting one costs as much as fifty
 * looks here.
 *
 * <p>{@code verdicts} holds at most {@link #MOST} names or so; when it is full it is emptied, so that names without end
 * cost no memory.
 */
final class KnownNames {
    private static final int MOST = 2_048;
    private static final int LONGEST = 64;

    private final SecretNames names;
    private final ConcurrentHashMap<String, Boolean> verdicts = new ConcurrentHashMap<>();

    KnownNames(SecretNames names) {
        this.names = names;
    }

    SecretNames names() {
        return names;
    }

    boolean secret(String name) {
        Boolean known = verdicts.get(name);
        if (known != null) {
            return known;
        }
        boolean verdict = names.matches(name);
        if (name.length() <= LONGEST) {
            if (verdicts.size() >= MOST) {
                verdicts.clear();
            }
            verdicts.put(name, verdict);
        }
        return verdict;
    }
}
