package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.core.script.ScriptSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of a script: with a handler, which the bus calls through the engine's queue; or without, and the
 * script receives.
 */
final class EventSubscriptionObject implements ScriptObject {
    private static final Duration HANDLER_LIMIT = Duration.ofSeconds(5);

    private static final ScriptObjectType TYPE = ScriptObjectType.of(
            "subscription",
            Map.of(),
            List.of(
                    ScriptFunction.waiting(
                            "receive",
                            "timeout_ms = 5000",
                            "Waits for the next event.",
                            call -> self(call).receive(call, EventGlobal.millis(call, 0, "timeout_ms", 5_000))),
                    ScriptFunction.waiting(
                            "receive_batch",
                            "{max_events = 100, timeout_ms = 1000}",
                            "Waits for several events.",
                            call -> self(call).receiveBatch(call, call.map(0, "options"))),
                    ScriptFunction.plain(
                            "stats", "", "The counters.", call -> self(call).counters()),
                    ScriptFunction.plain(
                            "unsubscribe",
                            "",
                            "Ends the subscription.",
                            call -> call.self(EventSubscriptionObject.class).end())));

    private final GlobalServices services;
    private final ScriptSession session;
    private final Caller subscriber;
    private final EventChoice choice;
    private final Subscription subscription;
    private final @Nullable EventInbox inbox;
    /** Whether the script waits for an event. For the owner of the engine. */
    private boolean receiving;

    private final EventPace pace;
    private final EventThrottle throttle;
    private final @Nullable EventBatches batches;
    private final AtomicLong handled = new AtomicLong();
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final Handle busy;
    private final Handle kept;
    private Handle owned = Handle.noop();
    private Runnable forget = () -> {};

    EventSubscriptionObject(
            GlobalServices services,
            ScriptCall call,
            EventChoice choice,
            SubscribeOptions options,
            EventPace pace,
            @Nullable ScriptCallback handler) {
        this.services = services;
        this.session = call.session();
        this.subscriber = session.caller().as(call.caller().principal());
        this.choice = choice;
        this.pace = pace;
        this.throttle = new EventThrottle(pace.perSecond(), services.time().nanos());
        this.batches = handler == null || !pace.batched()
                ? null
                : new EventBatches(handler, subscriber, pace, services.time(), handled::addAndGet);
        this.kept = kept(choice.filter(), handler);
        String wide = choice.wide();
        if (handler == null) {
            this.inbox = services.events().inbox(wide, options, call.caller());
            this.subscription = inbox;
            this.busy = Handle.noop();
        } else {
            this.inbox = null;
            // the interpreter limits the handler; the wait for a busy script to serve it has no limit
            SubscribeOptions patient = options.withHandlerTimeout(Duration.ZERO);
            this.subscription =
                    services.events().subscribe(wide, patient, (event, again) -> handle(handler, event), call.caller());
            this.busy = session.busyWhile(this::pending);
        }
    }

    private static Handle kept(@Nullable ScriptCallback filter, @Nullable ScriptCallback handler) {
        Handle first = filter == null ? Handle.noop() : filter.retain();
        Handle second = handler == null ? Handle.noop() : handler.retain();
        return () -> {
            first.close();
            second.close();
        };
    }

    private static EventSubscriptionObject self(ScriptCall call) {
        return call.self(EventSubscriptionObject.class).checkedOpen();
    }

    /** The handler runs as whoever subscribed, in the run of the event. */
    private void handle(ScriptCallback handler, UniversalEvent event) {
        EventBatches several = batches;
        boolean collected = false;
        try {
            Caller caller = subscriber.correlated(event.correlation());
            UniversalEvent seen = choice.matches(event) ? EventSight.seen(services.state(), caller, event) : null;
            if (seen != null
                    && passes(seen, caller, true)
                    && throttle.passes(services.time().nanos())) {
                if (several == null) {
                    waitFor(handler, caller, seen);
                } else {
                    collected = true;
                    await(several.add(seen));
                }
            }
        } finally {
            handled.addAndGet(collected ? 0 : 1);
        }
    }

    private void await(@Nullable CompletionStage<@Nullable Object> batch) {
        if (batch != null) {
            Awaiter.blocking(services.time()).await(batch, Awaiter.NO_DEADLINE, Cancellation.none());
        }
    }

    private @Nullable Object waitFor(ScriptCallback callback, Caller caller, UniversalEvent event) {
        return Awaiter.blocking(services.time())
                .await(
                        callback.post(caller, HANDLER_LIMIT, EventView.of(event)),
                        Awaiter.NO_DEADLINE,
                        Cancellation.none());
    }

    private boolean passes(UniversalEvent event, Caller caller, boolean elsewhere) {
        ScriptCallback filter = choice.filter();
        if (filter == null) {
            return true;
        }
        Object verdict =
                elsewhere ? waitFor(filter, caller, event) : filter.call(caller, HANDLER_LIMIT, EventView.of(event));
        return verdict != null && !Boolean.FALSE.equals(verdict);
    }

    /** Whether events are on their way to the handler. */
    private boolean pending() {
        SubscriptionStats stats = subscription.stats();
        return open.get() && stats.accepted() - stats.dropped() - stats.expired() > handled.get();
    }

    @Nullable Object receive(ScriptCall call, Duration wait) {
        long deadline = services.time().nanos() + wait.toNanos();
        while (true) {
            UniversalEvent event = next(call, deadline);
            if (event == null) {
                return null;
            }
            UniversalEvent seen = choice.matches(event) ? seenByBoth(event, call.caller()) : null;
            if (seen != null
                    && passes(seen, call.caller(), false)
                    && throttle.passes(services.time().nanos())) {
                return EventView.of(seen);
            }
        }
    }

    /** What whoever subscribed and whoever receives may see. */
    private @Nullable UniversalEvent seenByBoth(UniversalEvent event, Caller receiver) {
        UniversalEvent seen = EventSight.seen(services.state(), subscriber, event);
        return seen == null ? null : EventSight.seen(services.state(), receiver, seen);
    }

    private @Nullable UniversalEvent next(ScriptCall call, long deadline) {
        if (inbox == null) {
            throw new EventException(
                    ErrorCode.UNKNOWN_SUBSCRIPTION,
                    call.function() + ": subscription " + id() + " has a handler, so there is nothing to receive");
        }
        UniversalEvent ready = inbox.poll().orElse(null);
        // The inbox gives one waiter at a time an event, so a handler that receives while its script does only looks.
        if (ready != null || receiving || deadline - services.time().nanos() <= 0) {
            return ready;
        }
        receiving = true;
        try {
            return await(call, inbox.next().toCompletableFuture(), deadline);
        } finally {
            receiving = false;
        }
    }

    private @Nullable UniversalEvent await(ScriptCall call, CompletableFuture<UniversalEvent> next, long deadline) {
        Awaiter awaiter = session.awaiter();
        try {
            return awaiter.await(next, deadline, call.caller().token());
        } catch (LimitException noneInTime) {
            if (deadline - services.time().nanos() > 0) {
                throw noneInTime; // a deadline around it: the script may not take that for an empty queue
            }
            // The answer of receive, not a failure; an event that comes later stays in the queue.
            return next.cancel(false) ? null : awaiter.await(next, Awaiter.NO_DEADLINE, Cancellation.none());
        } finally {
            next.cancel(false);
        }
    }

    Object receiveBatch(ScriptCall call, Map<String, @Nullable Object> raw) {
        OptionReader options = new OptionReader(call.function(), raw, Set.of("max_events", "timeout_ms"));
        int most = (int) options.whole("max_events", pace.batchSize(), 1, 1_000_000);
        long wait = (long) (options.number("timeout_ms", (double) pace.batchMillis(), 0, 86_400_000) * 1e6);
        long deadline = services.time().nanos() + wait;
        List<Object> batch = new ArrayList<>();
        while (batch.size() < most) {
            Duration left =
                    Duration.ofNanos(Math.max(0, deadline - services.time().nanos()));
            Object event = receive(call, left);
            if (event == null) {
                break;
            }
            batch.add(event);
        }
        return batch;
    }

    EventSubscriptionObject checkedOpen() {
        if (!open.get()) {
            throw new EventException(ErrorCode.UNKNOWN_SUBSCRIPTION, "No active subscription found: " + id());
        }
        return this;
    }

    void onEnd(Handle byEngine, Runnable action) {
        this.owned = byEngine;
        this.forget = action;
    }

    boolean end() {
        if (!open.compareAndSet(true, false)) {
            return false;
        }
        subscription.close();
        if (batches != null) {
            batches.close();
        }
        busy.close();
        kept.close();
        owned.close();
        forget.run();
        return true;
    }

    ScriptSession session() {
        return session;
    }

    String pattern() {
        return choice.text();
    }

    Object row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", id());
        row.put("pattern", pattern());
        row.put("language", session.language().id());
        row.put("queue_size", subscription.stats().buffered());
        return row;
    }

    Object counters() {
        SubscriptionStats stats = subscription.stats();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("total_received", stats.accepted());
        shown.put("dropped", stats.dropped());
        shown.put("throttled", throttle.leftOut());
        shown.put("queue_size", stats.buffered());
        return shown;
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return subscription.id();
    }
}
