package io.llmspell.events.journal;

import io.llmspell.core.event.DurableSubscription;
import io.llmspell.core.event.UniversalEvent;
import java.util.concurrent.Callable;

/**
 * Hears of handlers of durable subscriptions that failed, on the thread of the handler.
 *
 * <p><b>Threads:</b> safe.
 */
@FunctionalInterface
public interface FailureListener {
    /**
     * A handler has failed.
     *
     * @param subscription whose handler it is
     * @param event on which event
     * @param cause how
     * @param again delivers the event to the handler once more; false if the subscription was closed meanwhile
     * @return whether a later delivery, which a hook asked for, went well
     */
    boolean failed(DurableSubscription subscription, UniversalEvent event, Throwable cause, Callable<Boolean> again);
}
