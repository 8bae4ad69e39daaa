package io.llmspell.events;

import java.util.List;

/**
 * The subscriptions that match one event type, in the order in which they were made.
 *
 * <p><b>Threads:</b> immutable; the arrays are never written.
 */
final class Route {
    private final QueuedSubscription[] queued;
    private final SynchronousSubscription[] synchronous;

    private Route(QueuedSubscription[] queued, SynchronousSubscription[] synchronous) {
        this.queued = queued;
        this.synchronous = synchronous;
    }

    static Route of(List<BusSubscription> subscriptions) {
        return new Route(
                subscriptions.stream()
                        .filter(QueuedSubscription.class::isInstance)
                        .toArray(QueuedSubscription[]::new),
                subscriptions.stream()
                        .filter(SynchronousSubscription.class::isInstance)
                        .toArray(SynchronousSubscription[]::new));
    }

    QueuedSubscription[] queued() {
        return queued;
    }

    SynchronousSubscription[] synchronous() {
        return synchronous;
    }

    int size() {
        return queued.length + synchronous.length;
    }
}
