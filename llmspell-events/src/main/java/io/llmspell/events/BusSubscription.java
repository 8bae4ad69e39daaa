package io.llmspell.events;

import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
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
        ended();
    }

    /** To be called when the subscription is closed and no handler runs. */
    final void becameIdle() {
        idle.complete(null);
    }

    /** Under the order lock: the exact counters. */
    abstract SubscriptionStats counted();

    /** Under the order lock: lets no handler start any more; false if it was so before. */
    abstract boolean shut();

    /** Outside the order lock, after closing: tells those who wait. */
    abstract void ended();

    @Override
    public final String toString() {
        return "subscription " + id + " (pattern \"" + pattern.text() + "\")";
    }
}
