package io.llmspell.core.event;

/**
 * Hears of events.
 *
 * <p><b>Threads:</b> called by one thread at a time for each subscription.
 */
@FunctionalInterface
public interface EventHandler {
    /**
     * Handles one event.
     *
     * @param event the event
     * @param redelivered whether the subscription may have handled it before
     * @throws Exception any failure; it is counted and disturbs nobody else
     */
    void handle(UniversalEvent event, boolean redelivered) throws Exception;
}
