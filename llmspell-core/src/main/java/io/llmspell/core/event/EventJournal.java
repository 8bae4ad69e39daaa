package io.llmspell.core.event;

import io.llmspell.core.identity.Caller;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Flux;

/**
 * What the bus remembers: events in the order in which they were written, to be read, replayed and followed.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@link EventException}, and those of the store.
 */
public interface EventJournal {
    /**
     * Reads events, those included that were published before the subscription.
     *
     * @param query which events, in which order
     * @return a stream that reads on as it is requested; each subscriber sees the journal as it was when he subscribed
     * @throws EventException {@code invalid_pattern} if a type pattern is malformed
     */
    Flux<JournaledEvent> query(EventQuery query);

    /**
     * Follows the journal under a name, from where the name's place is.
     *
     * @param pattern a glob over event types
     * @param options the name, and where to begin
     * @param handler hears of the events, one at a time, in the order of their positions; one that throws is counted,
     *     and the next event follows
     * @param caller on whose behalf
     * @return the subscription
     * @throws EventException {@code invalid_pattern}, or {@code bus_closed}
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} if the name is in use
     */
    DurableSubscription subscribe(String pattern, DurableOptions options, EventHandler handler, Caller caller);

    /**
     * The places of all durable subscriptions that were ever made, by name.
     *
     * @return an unmodifiable snapshot
     */
    Map<String, Long> cursors();

    /**
     * Forgets the place of a durable subscription.
     *
     * @param name the name
     * @return whether there was one
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} if the subscription is open
     */
    boolean forget(String name);

    /**
     * Brings everything that was published before to the store.
     *
     * @return completes when it is there, as safe from a killed process as the store can make it
     */
    CompletionStage<Void> flush();

    /**
     * Removes at once what retention does not keep.
     *
     * @return how many events were removed
     */
    long clean();

    /**
     * Counters and borders.
     *
     * @return a snapshot
     */
    JournalStats stats();
}
