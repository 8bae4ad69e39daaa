package io.llmspell.events;

import io.llmspell.core.event.BusStats;
import io.llmspell.core.event.CloseReport;
import io.llmspell.core.event.DeadLetter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.EventJournal;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A bus that does what another does; faults are made of it. */
class FaultyBus implements EventBus {
    final EventBus bus;

    FaultyBus(EventBus bus) {
        this.bus = bus;
    }

    @Override
    public PublishResult publish(EventDraft draft, Caller caller) {
        return bus.publish(draft, caller);
    }

    @Override
    public Mono<PublishResult> publishAsync(EventDraft draft, Caller caller) {
        return bus.publishAsync(draft, caller);
    }

    @Override
    public int forward(UniversalEvent event, Caller caller) {
        return bus.forward(event, caller);
    }

    @Override
    public StagedEvent stage(EventDraft draft, Caller caller) {
        return bus.stage(draft, caller);
    }

    @Override
    public StagedEvent stage(EventDraft draft, String versionMember, Caller caller) {
        return bus.stage(draft, versionMember, caller);
    }

    @Override
    public Subscription subscribe(String pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
        return bus.subscribe(pattern, options, handler, caller);
    }

    @Override
    public Flux<UniversalEvent> stream(String pattern, SubscribeOptions options, Caller caller) {
        return bus.stream(pattern, options, caller);
    }

    @Override
    public EventInbox inbox(String pattern, SubscribeOptions options, Caller caller) {
        return bus.inbox(pattern, options, caller);
    }

    @Override
    public Optional<EventJournal> journal() {
        return bus.journal();
    }

    @Override
    public List<Subscription> subscriptions() {
        return bus.subscriptions();
    }

    @Override
    public BusStats stats() {
        return bus.stats();
    }

    @Override
    public List<DeadLetter> deadLetters() {
        return bus.deadLetters();
    }

    @Override
    public CloseReport close(Duration drainTimeout) {
        return bus.close(drainTimeout);
    }

    @Override
    public void close() {
        bus.close();
    }

    /** A subscription with other figures. */
    record Told(Subscription real, java.util.function.UnaryOperator<SubscriptionStats> lie) implements Subscription {
        @Override
        public String id() {
            return real.id();
        }

        @Override
        public String pattern() {
            return real.pattern();
        }

        @Override
        public SubscriptionStats stats() {
            return lie.apply(real.stats());
        }

        @Override
        public boolean quarantined() {
            return real.quarantined();
        }

        @Override
        public void resume() {
            real.resume();
        }

        @Override
        public CompletionStage<Void> idle() {
            return real.idle();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
