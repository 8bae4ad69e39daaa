package io.llmspell.events;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.event.UniversalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Numbers events and brings them to their subscriptions.
 *
 * <p>Number and queues go together under the order lock, so every queue holds its events in the order of their numbers.
 * <b>Threads:</b> safe.
 */
final class Router {
    /** A handler on the publisher's thread that publishes what calls itself again must come to an end. */
    private static final int DEEPEST = 16;

    private final BusParts parts;
    private final Numbers numbers;
    private final ThreadLocal<int[]> depth = ThreadLocal.withInitial(() -> new int[1]);

    /** Events that were forwarded and met no queue. */
    private final LongAdder forwardedHere = new LongAdder();

    /** Events that were forwarded under the order lock, which guards this. */
    private long forwarded;

    /** Written under the order lock. */
    private volatile boolean closed;

    Router(BusParts parts, Numbers numbers) {
        this.parts = parts;
        this.numbers = numbers;
    }

    /** Under the order lock: no event gets a number any more; false if it was so before. */
    boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    boolean isClosed() {
        return closed;
    }

    /** Under the order lock: how many events were forwarded. */
    long forwarded() {
        return forwarded + forwardedHere.sum();
    }

    void refuseIfClosed() {
        if (closed) {
            throw Emitting.closed();
        }
    }

    /** Numbers the event and queues it; the synchronous subscriptions follow with {@link #deliver}. */
    void enqueue(Emission emission) {
        for (QueuedSubscription each : number(emission).queued()) {
            each.wake();
        }
    }

    /** The same on the committing thread of a store. */
    void enqueueFromCommit(Emission emission) {
        for (QueuedSubscription each : number(emission).queued()) {
            each.wakeFromCommit();
        }
    }

    /** Queues an event that has its number; gives the rooms that its publisher must wait for, null for none. */
    @Nullable List<Room> enqueue(UniversalEvent event, Route route, long expiresAt) {
        if (route.synchronous().length > 0) {
            refuseTooDeep(event.type());
        }
        if (route.queued().length == 0) {
            refuseIfClosed();
            forwardedHere.increment();
            return null;
        }
        List<Room> rooms = null;
        Object item = Queued.of(event, expiresAt);
        Object boxed = item; // a new object where one is needed, as the event may be in the queue already
        if (item == event && route.contested()) {
            boxed = new Queued(event, expiresAt);
        }
        OrderLock order = parts.order();
        order.lock();
        try {
            refuseIfClosed();
            forwarded++;
            for (QueuedSubscription each : route.queued()) {
                Room room = each.isShut() ? null : each.offer(each.isContested() ? boxed : item, parts.time());
                if (room != null) {
                    rooms = rooms == null ? new ArrayList<>(2) : rooms;
                    rooms.add(room);
                }
            }
        } finally {
            order.unlock();
        }
        for (QueuedSubscription each : route.queued()) {
            each.wake();
        }
        parts.notices().wake();
        return rooms;
    }

    /** Runs the synchronous subscriptions of an event on the calling thread. */
    void deliver(UniversalEvent event, Route route, long expiresAt) {
        if (route.synchronous().length == 0) {
            return;
        }
        int[] nested = depth.get();
        nested[0]++;
        try {
            for (SynchronousSubscription each : route.synchronous()) {
                each.deliver(event, expiresAt);
            }
        } finally {
            nested[0]--;
        }
    }

    private Route number(Emission emission) {
        Route route = parts.routes().of(emission.draft().type());
        if (route.synchronous().length > 0) {
            refuseTooDeep(emission.draft().type());
        }
        if (route.queued().length == 0) {
            refuseIfClosed();
            emission.number(numbers.draw(), route);
        } else {
            emission.stamp();
            fill(emission, route);
        }
        return route;
    }

    private void fill(Emission emission, Route route) {
        OrderLock order = parts.order();
        order.lock();
        try {
            refuseIfClosed();
            emission.number(numbers.draw(), route);
            Object item = Queued.of(emission.event(), emission.expiresAt());
            for (QueuedSubscription each : route.queued()) {
                if (!each.isShut()) {
                    emission.matched(1);
                    keep(emission, each.offer(item, parts.time()));
                }
            }
        } finally {
            order.unlock();
        }
        parts.notices().wake();
    }

    private static void keep(Emission emission, @Nullable Room room) {
        if (room != null) {
            emission.waitsFor(room);
        }
    }

    private void refuseTooDeep(String type) {
        if (depth.get()[0] >= DEEPEST) {
            throw LimitException.exceeded(
                    "nested events",
                    String.valueOf(DEEPEST),
                    "event \"" + type + "\" is published inside " + DEEPEST
                            + " handlers that run on their publishers' thread; subscribe one of them asynchronously");
        }
    }

    /** Runs the synchronous subscriptions of a numbered event on the calling thread. */
    void deliver(Emission emission) {
        Route route = emission.route();
        if (route == null || route.synchronous().length == 0) {
            return;
        }
        int[] nested = depth.get();
        nested[0]++;
        try {
            for (SynchronousSubscription each : route.synchronous()) {
                emission.matched(each.deliver(emission.event(), emission.expiresAt()) ? 1 : 0);
            }
        } finally {
            nested[0]--;
        }
    }
}
