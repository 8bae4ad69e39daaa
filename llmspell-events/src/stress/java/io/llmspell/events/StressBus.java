package io.llmspell.events;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.redact.Redactor;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bus without threads of its own: the lane of a handler runs on the thread that wakes it, so that the actors of a test
 * are all the threads that there are. A handler counts its calls.
 */
final class StressBus {
    /** What {@link #publish} gives if the bus has closed. */
    static final int CLOSED = -1;

    /** What {@link #publish} gives if a subscription refused the event. */
    static final int REFUSED = -2;

    static final Caller CALLER = Caller.host(new CorrelationId("stress"));
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "stress");
    private static final Redactor REDACTOR = Redactor.create();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicInteger handled = new AtomicInteger();
    final EventBus bus;

    StressBus() {
        ManualTime time = new ManualTime();
        PassThroughGate gate = new PassThroughGate();
        Awaiter awaiter = Awaiter.blocking(time);
        Executor here = Runnable::run;
        Notices notices = new Notices(here);
        BusParts parts = new BusParts(
                time,
                () -> new UUID(0, ids.incrementAndGet()),
                new OrderLock(),
                new Routes(),
                here,
                new HandlerFailures(gate, REDACTOR, time, notices),
                notices,
                EventSettings.DEFAULT);
        bus = new EventBusImpl(
                parts,
                new Numbers(null, here),
                Events.builder().gate(gate).awaiter(awaiter),
                new Closing(awaiter, time, new LateThreads()),
                null);
    }

    static SubscribeOptions options(Overflow overflow, int size) {
        return SubscribeOptions.DEFAULT
                .withOverflow(overflow)
                .withBufferSize(size)
                .withNotices(false);
    }

    Subscription subscribe(SubscribeOptions options) {
        return bus.subscribe("a", options, (event, again) -> handled.incrementAndGet(), CALLER);
    }

    /** How many subscriptions took the event, or why none did. */
    int publish() {
        try {
            return bus.publish(EventDraft.of("a", null, SOURCE), CALLER) instanceof PublishResult.Accepted accepted
                    ? accepted.matched()
                    : REFUSED;
        } catch (LlmSpellException refusal) {
            if (refusal.code().equals(ErrorCode.BUS_CLOSED)) {
                return CLOSED;
            }
            throw refusal;
        }
    }

    /** How many of so many events were refused. */
    int refusals(int events) {
        int refused = 0;
        for (int i = 0; i < events; i++) {
            refused += publish() == REFUSED ? 1 : 0;
        }
        return refused;
    }

    int handled() {
        return handled.get();
    }

    /** What is wrong with the counters when all is quiet: zero for nothing, else the sum of what does not hold. */
    int faults(Subscription subscription) {
        SubscriptionStats stats = subscription.stats();
        return (stats.offered() == stats.accepted() + stats.rejected() ? 0 : 1)
                + (stats.accepted() == stats.delivered() + stats.dropped() + stats.expired() + stats.buffered() ? 0 : 2)
                + (stats.delivered() == handled() ? 0 : 4)
                + (stats.running() == 0 ? 0 : 8);
    }

    /** The same for a subscription that has ended: nothing is left, and who waits for its handlers is told. */
    int faultsAtTheEnd(Subscription ended) {
        return faults(ended)
                + (ended.stats().buffered() == 0 ? 0 : 16)
                + (ended.idle().toCompletableFuture().isDone() ? 0 : 32);
    }
}
