package io.llmspell.state;

/**
 * Makes state managers.
 *
 * <p><b>Threads:</b> safe.
 */
public final class States {
    private States() {}

    /**
     * Begins a manager.
     *
     * @return the builder
     */
    public static StatesBuilder builder() {
        return new StatesBuilder();
    }
}
