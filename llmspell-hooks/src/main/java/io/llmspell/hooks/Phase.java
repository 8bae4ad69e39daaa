package io.llmspell.hooks;

/**
 * Where an operation is; a name ending in AGAIN is the second round of its stage. REDIRECTED stands in the place of
 * BODY; JOIN waits for forks, PAUSE for the next attempt.
 */
enum Phase {
    BEFORE,
    BEFORE_AGAIN,
    BODY,
    REDIRECTED,
    JOIN,
    AFTER,
    AFTER_AGAIN,
    ERROR,
    ERROR_AGAIN,
    LAST,
    PAUSE,
    DONE;

    boolean again() {
        return this == BEFORE_AGAIN || this == AFTER_AGAIN || this == ERROR_AGAIN;
    }

    boolean before() {
        return this == BEFORE || this == BEFORE_AGAIN;
    }

    boolean after() {
        return this == AFTER || this == AFTER_AGAIN;
    }

    boolean onError() {
        return this == ERROR || this == ERROR_AGAIN;
    }
}
