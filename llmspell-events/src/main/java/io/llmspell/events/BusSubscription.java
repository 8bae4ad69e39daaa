package io.llmspell.events;

import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Language;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What all subscriptions of a bus have in common.
 *
 * <p><b>Threads:</b> safe. {@link #close} decides under the order lock of the bus, so that for every caller no handler
 * starts once it has returned, whoever came first.
 */
abstract sealed class BusSubscription implements Subscription permits SynchronousSubscription, QueuedSubscription {
    private final BusParts parts;
    private final String id;
    private final long number;
    private final EventPattern pattern;
    private final Caller caller;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();

    /** Written under the order lock. */
    private volatile boolean quarantined;

    BusSubscription(BusParts parts, EventPattern pattern, Caller caller) {
        this.parts = parts;
        this.id = parts.ids().next().toString();
        this.number = parts.routes().nextNumber();
        this.pattern = pattern;
        this.caller = Caller.of(caller.principal(), caller.language(), caller.correlation());
    }

    final BusParts parts() {
        return parts;
    }

    /** Its place in the order in which subscriptions were made. */
    final long number() {
        return number;
    }

    final EventPattern compiled() {
        return pattern;
    }

    /** Who subscribed, in the run of an event. */
    final Caller callerFor(UniversalEvent event) {
        return caller.correlated(event.correlation());
    }

    /** This subscription as one whose handler failed. */
    final HandlerFailures.Reader reader() {
        return new HandlerFailures.Reader(id, pattern.text(), toString(), this::isShut, this::callerFor);
    }

    /** The bus in the run of who subscribed, for events about the subscription itself. */
    final Caller ownerCaller() {
        return Caller.of(HandlerFailures.BUS, Language.JAVA, caller.correlation());
    }

    @Override
    public final boolean quarantined() {
        return quarantined;
    }

    @Override
    public final void resume() {
        parts.order().lock();
        try {
            quarantined = false;
        } finally {
            parts.order().unlock();
        }
        resumed();
    }

    /** Lets no handler start until the subscription is resumed; what waits is dropped. */
    final void quarantine(int failures) {
        parts.order().lock();
        try {
            if (quarantined || isShut()) {
                return;
            }
            quarantined = true;
            dropWaiting();
        } finally {
            parts.order().unlock();
        }
        parts.failures().quarantined(this, failures);
        ended(false);
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final String pattern() {
        return pattern.text();
    }

    @Override
    public final SubscriptionStats stats() {
        parts.order().lock();
        try {
            return counted();
        } finally {
            parts.order().unlock();
        }
    }

    @Override
    public final CompletionStage<Void> idle() {
        return idle.minimalCompletionStage();
    }

    @Override
    public final void close() {
        parts.order().lock();
        try {
            if (shut()) {
                parts.routes().remove(this, counted());
            }
        } finally {
            parts.order().unlock();
        }
        ended(true);
    }

    /** To be called when the subscription is closed and no handler runs. */
    final void becameIdle() {
        idle.complete(null);
    }

    /** Under the order lock: the exact counters. */
    abstract SubscriptionStats counted();

    /** Under the order lock: lets no handler start any more; false if it was so before. */
    abstract boolean shut();

    /** Under the order lock: whether no handler starts any more. */
    abstract boolean isShut();

    /** Under the order lock: drops what waits for room; what is queued is dropped by its taker. */
    abstract void dropWaiting();

    /** After the quarantine: forgets the failures. */
    abstract void resumed();

    /** Outside the order lock, after closing or quarantine: tells those who wait. */
    abstract void ended(boolean closed);

    @Override
    public final String toString() {
        return "subscription " + id + " (pattern \"" + pattern.text() + "\")";
    }
}
