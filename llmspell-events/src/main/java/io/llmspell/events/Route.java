package io.llmspell.events;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The subscriptions that match one event type, in the order in which they were made.
 *
 * <p><b>Threads:</b> immutable; the arrays are never written.
 */
final class Route {
    private static final QueuedSubscription[] QUEUED = new QueuedSubscription[0];
    private static final SynchronousSubscription[] SYNCHRONOUS = new SynchronousSubscription[0];

    private final QueuedSubscription[] queued;
    private final SynchronousSubscription[] synchronous;
    private final boolean contested;

    private Route(QueuedSubscription[] queued, SynchronousSubscription[] synchronous) {
        this.queued = queued;
        this.contested = Arrays.stream(queued).anyMatch(QueuedSubscription::isContested);
        this.synchronous = synchronous;
    }

    static Route of(List<BusSubscription> subscriptions) {
        List<QueuedSubscription> queued = new ArrayList<>();
        List<SynchronousSubscription> synchronous = new ArrayList<>();
        for (BusSubscription each : subscriptions) {
            if (each instanceof SynchronousSubscription direct) {
                synchronous.add(direct);
            } else {
                queued.add((QueuedSubscription) each);
            }
        }
        return new Route(queued.toArray(QUEUED), synchronous.toArray(SYNCHRONOUS));
    }

    QueuedSubscription[] queued() {
        return queued;
    }

    SynchronousSubscription[] synchronous() {
        return synchronous;
    }

    /** Whether there is a queue into which no object may be put twice. */
    boolean contested() {
        return contested;
    }

    int size() {
        return queued.length + synchronous.length;
    }
}
