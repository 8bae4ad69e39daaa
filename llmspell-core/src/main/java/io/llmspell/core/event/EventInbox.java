package io.llmspell.core.event;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A subscription whose events wait in its queue until someone takes them; no handler and no thread serves it.
 *
 * <p>An event counts as delivered when it is taken. <b>Threads:</b> safe; each event is taken once.
 */
public interface EventInbox extends Subscription {
    /**
     * Takes the oldest event that is there.
     *
     * @return the event, or empty if none waits
     */
    Optional<UniversalEvent> poll();

    /**
     * Takes the next event, now or when it comes. At most one call may be pending at a time; a further one gets the
     * same stage. A caller that stops waiting cancels the stage ({@code toCompletableFuture().cancel(false)}); the
     * next event then stays in the queue.
     *
     * @return completes on the publisher's thread or at once; with {@link EventException} {@code unknown_subscription}
     *     when the subscription ends first
     */
    CompletionStage<UniversalEvent> next();
}
