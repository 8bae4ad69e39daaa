package io.llmspell.core.event;

/**
 * Hears of events.
 *
 * <p><b>Threads:</b> called by one thread at a time for each subscription, in the order of the sequence; a synchronous
 * subscription calls it on the thread of each publisher, so at the same time if they publish at the same time.
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
