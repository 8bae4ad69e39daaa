package io.llmspell.core.event;

import io.llmspell.core.concurrent.Handle;
import java.util.concurrent.CompletionStage;

/**
 * A subscription; closing it ends it. After {@link #close} has returned no handler starts.
 *
 * <p><b>Threads:</b> safe.
 */
public interface Subscription extends Handle {
    /**
     * The id, unique in the process.
     *
     * @return the id
     */
    String id();

    /**
     * The pattern it was made with.
     *
     * @return the pattern
     */
    String pattern();

    /**
     * Exact counters.
     *
     * @return a consistent snapshot
     */
    SubscriptionStats stats();

    /**
     * Whether its handler failed so often in a row that it gets no more events; they count as dropped.
     *
     * @return true until {@link #resume} is called
     */
    boolean quarantined();

    /** Lets a subscription in quarantine get events again, from the next one on; else does nothing. */
    void resume();

    /**
     * Completes when the subscription is closed and no handler runs any more.
     *
     * @return the stage
     */
    CompletionStage<Void> idle();
}
