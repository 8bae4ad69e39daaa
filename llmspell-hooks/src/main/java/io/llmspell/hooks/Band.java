package io.llmspell.hooks;

/** The coarse place of a hook in the order; only the runtime registers outside {@link #USER}. */
enum Band {
    /** Before every hook of users. */
    SYSTEM_FIRST("system-first"),
    /** Hooks of users. */
    USER("user"),
    /** After every hook of users. */
    SYSTEM_LAST("system-last");

    private final String text;

    Band(String text) {
        this.text = text;
    }

    boolean system() {
        return this != USER;
    }

    @Override
    public String toString() {
        return text;
    }
}
