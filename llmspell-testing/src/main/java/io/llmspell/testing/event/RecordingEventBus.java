package io.llmspell.testing.event;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.event.BusStats;
import io.llmspell.core.event.CloseReport;
import io.llmspell.core.event.DeadLetter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A bus that keeps what is published and delivers nothing.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@code invalid_state} for everything but publishing.
 */
public final class RecordingEventBus implements EventBus {
    private final CopyOnWriteArrayList<Published> published = new CopyOnWriteArrayList<>();

    /** Makes a bus. */
    public RecordingEventBus() {}

    /**
     * One event that was published.
     *
     * @param draft the event
     * @param caller on whose behalf
     */
    public record Published(EventDraft draft, Caller caller) {}

    /**
     * What was published.
     *
     * @return the events in order
     */
    public List<Published> published() {
        return List.copyOf(published);
    }

    /**
     * The types of what was published.
     *
     * @return the types in order
     */
    public List<String> types() {
        return published.stream().map(event -> event.draft().type()).toList();
    }

    @Override
    public PublishResult publish(EventDraft draft, Caller caller) {
        published.add(new Published(draft, caller));
        return new PublishResult.Accepted(published.size(), 0);
    }

    @Override
    public Mono<PublishResult> publishAsync(EventDraft draft, Caller caller) {
        return Mono.fromCallable(() -> publish(draft, caller));
    }

    @Override
    public int forward(UniversalEvent event, Caller caller) {
        published.add(new Published(event.draft(), caller));
        return 0;
    }

    @Override
    public StagedEvent stage(EventDraft draft, String versionMember, Caller caller) {
        throw refuse();
    }

    @Override
    public StagedEvent stage(EventDraft draft, Caller caller) {
        throw refuse();
    }

    @Override
    public Subscription subscribe(String pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
        throw refuse();
    }

    @Override
    public EventInbox inbox(String pattern, SubscribeOptions options, Caller caller) {
        throw refuse();
    }

    @Override
    public Flux<UniversalEvent> stream(String pattern, SubscribeOptions options, Caller caller) {
        throw refuse();
    }

    private static InvalidStateException refuse() {
        return new InvalidStateException("the recording bus only records; use the real bus to stage or subscribe");
    }

    @Override
    public List<Subscription> subscriptions() {
        return List.of();
    }

    @Override
    public BusStats stats() {
        return new BusStats(published.size(), published.size(), 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public List<DeadLetter> deadLetters() {
        return List.of();
    }

    @Override
    public CloseReport close(Duration drainTimeout) {
        return new CloseReport(true, List.of());
    }

    @Override
    public void close() {}
}
