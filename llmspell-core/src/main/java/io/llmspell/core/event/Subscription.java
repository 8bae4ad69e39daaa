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
     * Completes when the subscription is closed and no handler runs any more.
     *
     * @return the stage
     */
    CompletionStage<Void> idle();
}
