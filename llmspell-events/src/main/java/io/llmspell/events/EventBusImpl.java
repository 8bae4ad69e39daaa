package io.llmspell.events;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.BusStats;
import io.llmspell.core.event.CloseReport;
import io.llmspell.core.event.DeadLetter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.EventJournal;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Write;
import io.llmspell.events.journal.StoredJournal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The bus.
 *
 * <p><b>Threads:</b> safe. One lock, {@code parts.order()}, orders events and guards subscriptions and counters; it is
 * held for a few memory writes and never while a hook, a handler, a store or a waiting publisher runs. An event is
 * accepted when it draws its number, so the drawn numbers count the accepted events.
 */
final class EventBusImpl implements EventBus {
    private static final Logger LOG = LoggerFactory.getLogger(EventBusImpl.class);

    /** The source of events about the bus. */
    private static final Component BUS = Component.named(ComponentType.SYSTEM, "events");

    private final BusParts parts;
    private final Numbers numbers;
    private final Router router;
    private final Emitting emitting;
    private final Waiting waiting;
    private final Closing closing;
    private final @Nullable StoredJournal journal;
    private final @Nullable TokenBucket tokens;
    private final LongAdder rejected = new LongAdder();
    private final LongAdder rateLimited = new LongAdder();

    EventBusImpl(
            BusParts parts, Numbers numbers, EventsBuilder settings, Closing closing, @Nullable StoredJournal journal) {
        this.parts = parts;
        this.numbers = numbers;
        this.closing = closing;
        this.journal = journal;
        EventSettings.RateLimit limit = parts.settings().rateLimit();
        this.tokens = limit == null ? null : new TokenBucket(parts.time(), limit);
        this.router = new Router(parts, numbers);
        this.waiting = new Waiting(settings.awaiter(), parts.time(), numbers);
        this.emitting = new Emitting(settings.gate(), this::route, this::routeAsync, this::newEmission);
        parts.notices().connect(this::publishNotice);
    }

    Router router() {
        return router;
    }

    @Override
    public PublishResult publish(EventDraft draft, Caller caller) {
        try {
            router.refuseIfClosed();
            takeToken(draft);
            waiting.forNumbers(caller);
            Routed routed = Emitting.passesHooks(draft.type())
                    ? emitting.whole().call(draft.source(), draft, caller)
                    : route(draft, caller);
            return routed.result();
        } catch (Throwable refusal) {
            rejected.increment();
            throw refusal;
        }
    }

    @Override
    public Mono<PublishResult> publishAsync(EventDraft draft, Caller caller) {
        return Mono.defer(() -> {
                    router.refuseIfClosed();
                    takeToken(draft);
                    return waiting.forNumbersAsync().then(Mono.defer(() -> emitAsync(draft, caller)));
                })
                .doOnError(refusal -> rejected.increment())
                .map(Routed::result);
    }

    @Override
    public int forward(UniversalEvent event, Caller caller) {
        Route route = parts.routes().of(event.type());
        long expiresAt = event.ttl() == null ? Queued.NEVER : Emission.expiry(event.ttl(), parts.time());
        List<Room> rooms;
        try {
            rooms = router.enqueue(event, route, expiresAt);
        } catch (LlmSpellException refusal) {
            rejected.increment();
            throw refusal;
        }
        router.deliver(event, route, expiresAt);
        if (rooms != null) {
            waiting.forRoom(rooms, caller);
            PublishResult.Rejected refused = Emission.refusals(rooms, event.sequence(), event.type());
            if (refused != null) {
                refused.orThrow();
            }
        }
        return route.size();
    }

    private void takeToken(EventDraft draft) {
        long wait = tokens == null ? 0 : tokens.take();
        if (wait > 0) {
            rateLimited.increment();
            EventSettings.RateLimit limit =
                    Objects.requireNonNull(parts.settings().rateLimit());
            throw new EventException(
                    ErrorCode.EVENT_REJECTED,
                    "event \"" + draft.type() + "\" was refused: the bus takes " + limit.perSecond()
                            + " events a second, " + limit.burst() + " at once; try again in "
                            + Duration.ofNanos(wait),
                    Map.of("rate_limit", (long) limit.perSecond(), "retry_after_ns", wait),
                    null);
        }
    }

    /** An event about the bus itself: it goes out only if somebody listens or it is kept, and never waits for room. */
    private void publishNotice(Notices.Notice notice) {
        boolean kept = journal != null && journal.takes(notice.type());
        if (!kept && parts.routes().of(notice.type()).size() == 0) {
            return;
        }
        waiting.forNumbers(notice.caller());
        Emission emission = newEmission(EventDraft.of(notice.type(), notice.payload(), BUS), notice.caller());
        router.enqueue(emission);
        if (kept && journal != null) {
            journal.keep(emission.event());
        }
        router.deliver(emission);
        emission.rooms().forEach(room -> room.subscription().giveUp(room));
    }

    private Mono<Routed> emitAsync(EventDraft draft, Caller caller) {
        return Emitting.passesHooks(draft.type())
                ? emitting.whole().callAsync(draft.source(), draft, caller)
                : routeAsync(draft, caller);
    }

    private Emission newEmission(EventDraft draft, Caller caller) {
        return new Emission(draft, caller, parts.ids(), parts.time());
    }

    private Emission route(EventDraft draft, Caller caller) {
        Emission emission = newEmission(draft, caller);
        CompletionStage<Void> kept = send(emission);
        waiting.forRoom(emission);
        if (kept != null) {
            waiting.forJournal(kept, caller);
        }
        return emission;
    }

    /** Queues, keeps and delivers an event; gives what a publisher waits for that wants to know it kept. */
    private @Nullable CompletionStage<Void> send(Emission emission) {
        EventDraft draft = emission.draft();
        if (draft.persistent() && journal == null) {
            throw Emitting.notKept(draft.type());
        }
        router.enqueue(emission);
        CompletionStage<Void> kept = null;
        if (journal != null && draft.persistent()) {
            kept = journal.persist(emission.event());
        } else if (journal != null && journal.takes(draft.type())) {
            journal.keep(emission.event());
        }
        router.deliver(emission);
        return kept;
    }

    private Mono<Routed> routeAsync(EventDraft draft, Caller caller) {
        return Mono.defer(() -> {
            Emission emission = newEmission(draft, caller);
            CompletionStage<Void> kept = send(emission);
            Mono<Routed> routed = waiting.forRoomAsync(emission).cast(Routed.class);
            return kept == null ? routed : Mono.fromCompletionStage(kept).then(routed);
        });
    }

    @Override
    public StagedEvent stage(EventDraft draft, Caller caller) {
        return staged(draft, null, caller);
    }

    @Override
    public StagedEvent stage(EventDraft draft, String versionMember, Caller caller) {
        return staged(draft, versionMember, caller);
    }

    private StagedEvent staged(EventDraft draft, @Nullable String versionMember, Caller caller) {
        router.refuseIfClosed();
        waiting.forNumbers(caller);
        Emission emission;
        boolean live = true;
        try {
            emission = Emitting.passesHooks(draft.type())
                    ? emitting.first().call(draft.source(), draft, caller)
                    : newEmission(draft, caller);
        } catch (OperationCancelledException | HookException refusal) {
            LOG.debug(
                    "event {} will be kept, but not delivered: {}", draft.type(), LogText.masked(refusal.getMessage()));
            emission = newEmission(draft, caller);
            live = false;
        }
        numbers.staged(1);
        Write write = journal != null && (draft.persistent() || journal.takes(draft.type()))
                ? journal.staged(emission.unnumbered(), versionMember)
                : null;
        return new Staged(this, emission, live, versionMember, write);
    }

    void stagedEnded(boolean accepted) {
        numbers.staged(-1);
        if (!accepted) {
            rejected.increment();
        }
    }

    /** Tells the journal the number of an event that it has in a commit already. */
    void stagedKept(Emission emission, boolean numbered, Commit.Done done) {
        if (journal != null) {
            journal.staged(emission.event(), numbered ? emission.event().sequence() : 0, done);
        }
    }

    void stagedDropped() {
        numbers.staged(-1);
    }

    /** The change is committed and cannot be undone, so what goes wrong here is only told to the log. */
    void publishStaged(Emission emission) {
        router.deliver(emission);
        waiting.forRoom(emission);
        if (emission.result() instanceof PublishResult.Rejected refused) {
            LOG.warn("run {}: {}", emission.caller().correlation(), LogText.masked(refused.text()));
        }
        if (Emitting.passesHooks(emission.draft().type())) {
            try {
                emitting.last().call(emission.draft().source(), emission, emission.caller());
            } catch (LlmSpellException failure) {
                LOG.warn(
                        "a hook after event {} failed: {}",
                        emission.draft().type(),
                        LogText.masked(failure.getMessage()));
            }
        }
    }

    @Override
    public Subscription subscribe(String pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
        EventPattern compiled = EventPattern.compile(pattern);
        return options.synchronous()
                ? added(new SynchronousSubscription(parts, compiled, options, handler, caller))
                : added(new HandlerSubscription(parts, compiled, options, handler, caller));
    }

    @Override
    public EventInbox inbox(String pattern, SubscribeOptions options, Caller caller) {
        return added(new InboxSubscription(parts, EventPattern.compile(pattern), options, caller));
    }

    @Override
    public Flux<UniversalEvent> stream(String pattern, SubscribeOptions options, Caller caller) {
        EventPattern compiled = EventPattern.compile(pattern);
        if (options.synchronous()) {
            throw new ArgumentException(
                    "a stream is served by the threads of the bus as its subscriber requests; leave synchronous out");
        }
        router.refuseIfClosed();
        return new EventFlux(subscriber -> open(compiled, options, subscriber, caller));
    }

    private StreamSubscription open(
            EventPattern pattern,
            SubscribeOptions options,
            CoreSubscriber<? super UniversalEvent> subscriber,
            Caller caller) {
        return added(new StreamSubscription(parts, pattern, options, subscriber, caller));
    }

    private <S extends BusSubscription> S added(S subscription) {
        OrderLock order = parts.order();
        order.lock();
        try {
            router.refuseIfClosed();
            parts.routes().add(subscription);
        } finally {
            order.unlock();
        }
        return subscription;
    }

    @Override
    public List<Subscription> subscriptions() {
        return List.copyOf(present());
    }

    private List<BusSubscription> present() {
        OrderLock order = parts.order();
        order.lock();
        try {
            return parts.routes().all();
        } finally {
            order.unlock();
        }
    }

    @Override
    public Optional<EventJournal> journal() {
        return Optional.ofNullable(journal);
    }

    @Override
    public BusStats stats() {
        OrderLock order = parts.order();
        order.lock();
        try {
            Routes.Totals totals = parts.routes().totals();
            long accepted = numbers.drawn() + router.forwarded();
            long refused = rejected.sum();
            return new BusStats(
                    accepted + refused,
                    accepted,
                    refused,
                    rateLimited.sum(),
                    totals.subscriptions(),
                    totals.delivered(),
                    totals.dropped(),
                    totals.expired(),
                    totals.buffered(),
                    totals.failed());
        } finally {
            order.unlock();
        }
    }

    @Override
    public List<DeadLetter> deadLetters() {
        return parts.failures().deadLetters().all();
    }

    @Override
    public void close() {
        close(parts.settings().drainTimeout());
    }

    @Override
    public CloseReport close(Duration drainTimeout) {
        if (drainTimeout.isNegative()) {
            throw new ArgumentException("drain timeout", drainTimeout.toString(), "zero or more");
        }
        OrderLock order = parts.order();
        boolean first;
        order.lock();
        try {
            first = router.close();
        } finally {
            order.unlock();
        }
        if (!first) {
            return new CloseReport(true, List.of());
        }
        if (journal == null) {
            return closing.run(present(), CompletableFuture.completedFuture(null), drainTimeout);
        }
        CompletableFuture<Void> followers = journal.endSubscriptions();
        CloseReport report = closing.run(present(), followers, drainTimeout);
        journal.close();
        return report;
    }
}
