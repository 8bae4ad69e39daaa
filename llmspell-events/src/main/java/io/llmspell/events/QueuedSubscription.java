package io.llmspell.events;

import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.time.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscription with a queue of its own.
 *
 * <p><b>Threads:</b> safe. Publishers fill the queue under the order lock of the bus; one taker at a time empties it
 * without it. What leaves the queue by another way than to the taker is counted under the lock, so what the taker got is
 * the difference, exact at every moment. Publishers that wait for room stand in {@code line}; {@code waiting} tells the
 * taker to look there, and is raised before the publisher looks at the queue for the last time.
 */
abstract sealed class QueuedSubscription extends BusSubscription
        permits HandlerSubscription, StreamSubscription, InboxSubscription {
    private static final int LONGEST_LINE = 1024;

    private final Flow flow;
    private final EventQueue queue;

    /** Null if nobody is told of the queue. */
    private final @Nullable Level level;

    /** Guarded by the order lock, with all counters below. */
    private final ArrayDeque<Room> line = new ArrayDeque<>();

    /** Decided by close or quarantine, and not told yet. */
    private final List<Room> decided = new ArrayList<>();

    private volatile boolean waiting;
    private long evicted;
    private long droppedBefore;
    private long droppedAtClose;
    private long expired;
    private long rejected;

    /** Makes it; {@code startsApart} if an event that was taken is delivered only when its handler is started. */
    QueuedSubscription(
            BusParts parts, EventPattern pattern, SubscribeOptions options, Caller caller, boolean startsApart) {
        super(parts, pattern, caller);
        this.flow = Flow.of(options.flow(), parts.settings().flow());
        this.queue = new EventQueue(flow.size(), !startsApart || flow.overflow() == Overflow.DROP_OLDEST);
        this.level = flow.notices() ? new Level(this, flow, parts.notices()) : null;
    }

    final EventQueue queue() {
        return queue;
    }

    final boolean isClosed() {
        return queue.isClosed();
    }

    @Override
    final boolean isShut() {
        return queue.isShut();
    }

    final boolean isContested() {
        return queue.isContested();
    }

    /** Under the order lock: takes an event in; null if it was taken or dropped, else the wait or the refusal. */
    final @Nullable Room offer(Object item, TimeSource time) {
        if (quarantined()) {
            droppedBefore++;
            return null;
        }
        if ((flow.overflow() != Overflow.BLOCK || line.isEmpty()) && queue.offer(item)) {
            filled();
            return null;
        }
        return switch (flow.overflow()) {
            case DROP_OLDEST -> {
                boolean gone = queue.evict(); // false if the taker was faster
                evicted += gone ? 1 : 0;
                queue.offer(item);
                yield gone ? overflowed(time) : null;
            }
            case DROP_NEWEST -> {
                droppedBefore++;
                yield overflowed(time);
            }
            case REJECT -> refuse(item, "its queue of " + queue.capacity() + " is full");
            case BLOCK -> standInLine(item, time);
        };
    }

    private void filled() {
        if (level != null) {
            int interesting = level.interesting();
            int size = queue.sizeFrom(interesting);
            if (size >= interesting) {
                level.filled(size);
            }
        }
    }

    private @Nullable Room overflowed(TimeSource time) {
        if (level != null) {
            level.dropped(queue.size(), time.nanos());
        }
        return null;
    }

    private @Nullable Room standInLine(Object item, TimeSource time) {
        if (servedByThisThread()) {
            return refuse(item, "its own handler published into its full queue of " + queue.capacity());
        }
        if (line.size() == LONGEST_LINE) {
            return refuse(item, LONGEST_LINE + " publishers wait for room in its queue already");
        }
        Room room = Room.waiting(this, item, time.nanos() + flow.blockTimeout().toNanos());
        line.add(room);
        waiting = true;
        // the taker may have made room before it could see that somebody waits
        if (line.peek() == room && queue.offer(item)) {
            line.remove();
            waiting = false;
            return null;
        }
        return room;
    }

    private Room refuse(Object item, String why) {
        rejected++;
        return Room.refused(this, item, why);
    }

    /** Ends the wait of a publisher that can wait no longer; nothing happens if it was decided before. */
    final void giveUp(Room room) {
        parts().order().lock();
        try {
            if (room.isWaiting()) {
                line.remove(room);
                waiting = !line.isEmpty();
                rejected++;
                room.decide("no room came within " + flow.blockTimeout() + " in its queue of " + queue.capacity());
            }
        } finally {
            parts().order().unlock();
        }
        room.tell();
    }

    /** Whether publishers wait for room. */
    final boolean waitedFor() {
        return waiting;
    }

    /** Whether {@link #admit} has something to do. */
    final boolean admits() {
        return waiting || (level != null && level.raised() && mayBeLow());
    }

    /** After taking, under no lock: lets publishers in for whom there is room now, and tells that the queue is low. */
    final void admit() {
        if (waiting) {
            letIn();
        }
        if (level != null && level.raised() && mayBeLow()) {
            parts().order().lock();
            try {
                level.emptied(queue.size());
            } finally {
                parts().order().unlock();
            }
            parts().notices().wake();
        }
    }

    /** Whether the queue is low; asked by the taker if there is but one, which need not look at the other side then. */
    boolean mayBeLow() {
        return queue.size() <= flow.low();
    }

    final int lowMark() {
        return flow.low();
    }

    private void letIn() {
        List<Room> admitted = new ArrayList<>();
        parts().order().lock();
        try {
            while (!line.isEmpty() && queue.offer(line.element().item())) {
                Room room = line.remove();
                room.decide(null);
                admitted.add(room);
            }
            waiting = !line.isEmpty();
        } finally {
            parts().order().unlock();
        }
        admitted.forEach(Room::tell);
    }

    /** The taker: the next event that has not expired and is now to be delivered, or null. */
    final @Nullable UniversalEvent takeNext() {
        Object item = queue.peek();
        while (item != null && (quarantined() || isExpired(item))) {
            lose(item);
            item = queue.peek();
        }
        return item == null || !queue.take(item) ? null : Queued.event(item);
    }

    private boolean isExpired(Object item) {
        return item instanceof Queued queued
                && queued.expiresAt() != Queued.NEVER
                && Queued.expired(queued.expiresAt(), parts().time().nanos());
    }

    private void lose(Object item) {
        parts().order().lock();
        try {
            boolean banned = quarantined();
            if (queue.take(item)) { // else closing has counted it
                evicted += banned ? 1 : 0;
                expired += banned ? 0 : 1;
            }
        } finally {
            parts().order().unlock();
        }
    }

    @Override
    final SubscriptionStats counted() {
        long delivered = delivered();
        long accepted = queue.entered() + droppedBefore;
        long dropped = evicted + droppedBefore + droppedAtClose;
        return new SubscriptionStats(
                accepted + rejected,
                accepted,
                rejected,
                delivered,
                dropped,
                expired,
                accepted - delivered - dropped - expired,
                failures(),
                running(delivered));
    }

    @Override
    final boolean shut() {
        if (queue.isShut()) {
            return false;
        }
        long unclaimed = queue.close();
        droppedAtClose = undelivered(unclaimed);
        rejected += line.size();
        decideAll("it was closed while the publisher waited for room");
        return true;
    }

    @Override
    final void dropWaiting() {
        // what is queued is dropped by the taker, which alone may clear the slots
        droppedBefore += line.size();
        decideAll(null);
    }

    private void decideAll(@Nullable String refusal) {
        line.forEach(room -> room.decide(refusal));
        decided.addAll(line);
        line.clear();
        waiting = false;
    }

    @Override
    final void ended(boolean closed) {
        List<Room> told;
        parts().order().lock();
        try {
            told = List.copyOf(decided);
            decided.clear();
        } finally {
            parts().order().unlock();
        }
        told.forEach(Room::tell);
        if (closed) {
            closed();
        }
    }

    /** Outside the order lock: an event may be there. */
    abstract void wake();

    /** As {@link #wake}, but on the committing thread of a store, which must not run what waits for the event. */
    void wakeFromCommit() {
        wake();
    }

    /** Outside the order lock, after closing. */
    abstract void closed();

    /** Whether the handler of this subscription runs on the calling thread. */
    abstract boolean servedByThisThread();

    /** How many handlers failed. */
    abstract long failures();

    /** Under the order lock, after the queue was closed: how many events will never be delivered. */
    long undelivered(long unclaimed) {
        return unclaimed;
    }

    /** How many events were handed out; under the order lock. */
    long delivered() {
        return queue.left() - evicted - droppedAtClose - expired;
    }

    /** How many events entered the queue and did not leave it by the way of {@link #delivered}; under the order lock. */
    final long notLost() {
        return queue.entered() - evicted - expired;
    }

    /** How many of the delivered events have a handler that has not returned. */
    abstract long running(long delivered);
}
