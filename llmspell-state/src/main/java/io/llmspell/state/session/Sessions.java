package io.llmspell.state.session;

/**
 * Makes session managers.
 *
 * <p><b>Threads:</b> safe.
 */
public final class Sessions {
    private Sessions() {}

    /**
     * Begins a manager.
     *
     * @return the builder
     */
    public static SessionsBuilder builder() {
        return new SessionsBuilder();
    }
}
