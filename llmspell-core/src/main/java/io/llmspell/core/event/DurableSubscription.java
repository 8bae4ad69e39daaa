package io.llmspell.core.event;

import io.llmspell.core.concurrent.Handle;
import java.util.concurrent.CompletionStage;

/**
 * A subscription to the journal whose place is kept under a name: it goes on where it was when the process ended.
 *
 * <p>Every event that the journal keeps is delivered at least once; what may have been handled before is flagged.
 * Closing ends it and keeps the place. <b>Threads:</b> safe; after {@link #close} has returned no handler starts.
 */
public interface DurableSubscription extends Handle {
    /**
     * The name under which the place is kept.
     *
     * @return the name
     */
    String name();

    /**
     * The pattern it was made with.
     *
     * @return the pattern
     */
    String pattern();

    /**
     * Place and counters.
     *
     * @return a snapshot
     */
    DurableStats stats();

    /**
     * Completes when the subscription is closed, no handler runs any more, and the place is kept.
     *
     * @return the stage
     */
    CompletionStage<Void> idle();
}
