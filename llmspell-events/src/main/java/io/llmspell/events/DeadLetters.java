package io.llmspell.events;

import io.llmspell.core.event.DeadLetter;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The newest events that handlers failed on.
 *
 * <p><b>Threads:</b> safe, by its own monitor.
 */
final class DeadLetters {
    private static final int MOST = 1000;

    private final ArrayDeque<DeadLetter> newest = new ArrayDeque<>();

    synchronized void add(DeadLetter letter) {
        if (newest.size() == MOST) {
            newest.remove();
        }
        newest.add(letter);
    }

    synchronized List<DeadLetter> all() {
        return List.copyOf(newest);
    }
}
