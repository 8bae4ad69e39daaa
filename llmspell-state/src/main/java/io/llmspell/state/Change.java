package io.llmspell.state;

import java.util.Locale;

/** What happens to a key. */
enum Change {
    /** It gets a value. */
    SET,
    /** It is removed. */
    DELETE,
    /** It is removed together with its whole scope. */
    CLEAR;

    private final String id = name().toLowerCase(Locale.ROOT);

    String id() {
        return id;
    }
}
