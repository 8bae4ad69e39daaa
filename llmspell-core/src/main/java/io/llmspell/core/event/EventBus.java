package io.llmspell.core.event;

import io.llmspell.core.identity.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Brings events from publishers to subscriptions.
 *
 * <p>Order: if one publish returned before another was called, every subscription sees the first one first.
 * <b>Threads:</b> safe. <b>Errors:</b> {@link EventException}; {@code bus_closed} after {@link #close}.
 */
public interface EventBus extends AutoCloseable {
    /**
     * Publishes an event.
     *
     * @param draft the event
     * @param caller on whose behalf; gives run and language
     * @return how it was taken
     * @throws io.llmspell.core.gate.OperationCancelledException {@code operation_cancelled} if a hook vetoed it
     */
    PublishResult publish(EventDraft draft, Caller caller);

    /**
     * Publishes an event without blocking, once for each subscriber of the Mono.
     *
     * @param draft the event
     * @param caller on whose behalf
     * @return how it was taken, or the errors of {@link #publish}
     */
    Mono<PublishResult> publishAsync(EventDraft draft, Caller caller);

    /**
     * Hands an event on that has been made already: read from a record, or received from another process. It keeps its
     * id and number, passes no hooks, takes no token of the rate limit and goes into no journal; its time to live begins
     * anew. Allocates nothing if all its subscriptions are synchronous.
     *
     * @param event the event
     * @param caller on whose behalf; limits the wait for room
     * @return how many subscriptions it matched
     * @throws EventException {@code event_rejected} naming the subscriptions that refused it, after all others were
     *     served; {@code bus_closed}
     */
    int forward(UniversalEvent event, Caller caller);

    /**
     * Prepares the event of a change that is about to be committed.
     *
     * @param draft the event
     * @param caller on whose behalf
     * @return the staged event
     */
    StagedEvent stage(EventDraft draft, Caller caller);

    /**
     * Prepares an event whose payload tells the number of the commit, which is known only when it is committed: hooks
     * before the event do not see it, whoever gets the event does.
     *
     * @param draft the event, with a map as payload
     * @param versionMember the member of the payload that takes the number of the commit
     * @param caller on whose behalf
     * @return the staged event
     * @throws EventException as {@link #stage(EventDraft, Caller)}
     */
    StagedEvent stage(EventDraft draft, String versionMember, Caller caller);

    /**
     * Subscribes a handler.
     *
     * @param pattern a glob over event types
     * @param options how events are delivered
     * @param handler hears of them
     * @param caller on whose behalf
     * @return the subscription
     * @throws EventException {@code invalid_pattern}
     */
    Subscription subscribe(String pattern, SubscribeOptions options, EventHandler handler, Caller caller);

    /**
     * Subscribes as a stream that obeys demand: events wait in the queue of the options until they are requested.
     *
     * @param pattern a glob over event types
     * @param options how events are delivered
     * @param caller on whose behalf
     * @return a stream; each subscriber has a subscription of its own; completes when the bus closes
     * @throws EventException {@code invalid_pattern}
     */
    Flux<UniversalEvent> stream(String pattern, SubscribeOptions options, Caller caller);

    /**
     * Subscribes without a handler: events wait in the queue of the options until they are taken.
     *
     * @param pattern a glob over event types
     * @param options how events are delivered; {@code synchronous} does not count here
     * @param caller on whose behalf
     * @return the inbox
     * @throws EventException {@code invalid_pattern}
     */
    EventInbox inbox(String pattern, SubscribeOptions options, Caller caller);

    /**
     * The present subscriptions.
     *
     * @return an unmodifiable snapshot
     */
    List<Subscription> subscriptions();

    /**
     * Exact counters.
     *
     * @return a snapshot
     */
    BusStats stats();

    /**
     * What the bus remembers.
     *
     * @return the journal, empty if the bus has none
     */
    default Optional<EventJournal> journal() {
        return Optional.empty();
    }

    /**
     * The newest events that handlers failed on, at most 1,000.
     *
     * @return an unmodifiable snapshot, oldest first
     */
    List<DeadLetter> deadLetters();

    /**
     * Refuses new events, drains the queues up to a deadline and ends all subscriptions.
     *
     * @param drainTimeout how long queues and handlers may take, zero or more
     * @return what was left; of a bus that is closed already: nothing
     */
    CloseReport close(Duration drainTimeout);

    /** Closes with the drain timeout of the bus and logs what was left. Idempotent. */
    @Override
    void close();
}
