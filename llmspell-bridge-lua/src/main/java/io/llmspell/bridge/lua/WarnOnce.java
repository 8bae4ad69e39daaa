package io.llmspell.bridge.lua;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Passes each different warning on once; there are only a handful. */
final class WarnOnce {
    private final Consumer<String> warner;
    private final Set<String> given = new HashSet<>();

    WarnOnce(Consumer<String> warner) {
        this.warner = warner;
    }

    void warn(String message) {
        if (given.add(message)) {
            warner.accept(message);
        }
    }
}
