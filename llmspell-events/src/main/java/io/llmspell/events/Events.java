package io.llmspell.events;

/**
 * Makes event buses.
 *
 * <p><b>Threads:</b> safe.
 */
public final class Events {
    private Events() {}

    /**
     * Begins a bus.
     *
     * @return the builder
     */
    public static EventsBuilder builder() {
        return new EventsBuilder();
    }
}
