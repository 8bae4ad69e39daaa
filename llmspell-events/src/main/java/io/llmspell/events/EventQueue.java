package io.llmspell.events;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue of one subscription: a ring that grows up to its capacity.
 *
 * <p><b>Threads:</b> one writer at a time (offer, evict, close: under the order lock of the bus) and one taker at a
 * time (peek, take), without a lock between the two. The word {@code head} holds the index of the oldest item and the
 * closed bit, so that one compare-and-set claims an item, and none can be claimed once the queue is closed. An item
 * that was read before the claim is right if the claim succeeds, because only then nobody else has moved the head. A
 * taker that is late in clearing its slot does so by compare-and-set, as the writer may have used the slot again.
 */
final class EventQueue {
    private static final VarHandle HEAD;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int FIRST_LENGTH = 16;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(EventQueue.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;

    /** Twice the index of the oldest item, plus one if the queue is closed. */
    private volatile long head;

    /** The index behind the newest item. */
    private volatile long tail;

    /** A power of two long. */
    private volatile @Nullable Object[] slots;

    /** The head that the taker saw when it peeked. */
    private long peeked;

    EventQueue(int capacity) {
        this.capacity = capacity;
        this.slots = new Object[Math.min(FIRST_LENGTH, powerOfTwo(capacity))];
    }

    private static int powerOfTwo(int least) {
        return least == 1 ? 1 : Integer.highestOneBit(least - 1) << 1;
    }

    int capacity() {
        return capacity;
    }

    boolean isClosed() {
        return (head & 1) != 0;
    }

    boolean isEmpty() {
        return head >>> 1 == tail;
    }

    /** How many items are there; at least 0 and at most the capacity, whoever reads. */
    int size() {
        long begin = head >>> 1;
        return (int) Math.max(0, tail - begin > capacity ? capacity : tail - begin);
    }

    /** How many items have left the queue, by whatever way. */
    long left() {
        return head >>> 1;
    }

    /** How many items were ever taken in. */
    long entered() {
        return tail;
    }

    /** Writer: appends an item unless the queue is full or closed. */
    boolean offer(Object item) {
        long end = tail;
        long word = head;
        long size = end - (word >>> 1);
        if (size >= capacity || (word & 1) != 0) {
            return false;
        }
        @Nullable Object[] ring = slots;
        if (size == ring.length) {
            ring = grown(ring, end);
        }
        SLOTS.setRelease(ring, slot(ring, end), item);
        tail = end + 1;
        return true;
    }

    private @Nullable Object[] grown(@Nullable Object[] ring, long end) {
        @Nullable Object[] larger = new Object[ring.length * 2];
        for (long i = head >>> 1; i < end; i++) {
            larger[slot(larger, i)] = SLOTS.getAcquire(ring, slot(ring, i));
        }
        slots = larger;
        return larger;
    }

    /** Writer: removes the oldest item; false if the taker was faster and there is none. */
    boolean evict() {
        while (true) {
            long word = head;
            long index = word >>> 1;
            if (index == tail) {
                return false;
            }
            @Nullable Object[] ring = slots;
            Object item = SLOTS.getAcquire(ring, slot(ring, index));
            if (HEAD.compareAndSet(this, word, word + 2)) {
                SLOTS.compareAndSet(ring, slot(ring, index), item, null);
                return true;
            }
        }
    }

    /** Writer: refuses items from now on and lets those go that are there; gives their number. */
    long close() {
        while (true) {
            long word = head;
            if ((word & 1) != 0) {
                return 0;
            }
            long end = tail;
            if (HEAD.compareAndSet(this, word, end << 1 | 1)) {
                slots = new Object[1];
                return end - (word >>> 1);
            }
        }
    }

    /** Taker: the oldest item, or null; another may have gone with it before it is taken. */
    @Nullable Object peek() {
        long word = head;
        long index = word >>> 1;
        if ((word & 1) != 0 || index == tail) {
            return null;
        }
        peeked = word;
        @Nullable Object[] ring = slots;
        return SLOTS.getAcquire(ring, slot(ring, index));
    }

    /** Taker: claims the item that was peeked; false if it was evicted or the queue closed meanwhile. */
    boolean take(Object item) {
        long word = peeked;
        if (!HEAD.compareAndSet(this, word, word + 2)) {
            return false;
        }
        @Nullable Object[] ring = slots;
        SLOTS.compareAndSet(ring, slot(ring, word >>> 1), item, null);
        return true;
    }

    private static int slot(@Nullable Object[] ring, long index) {
        return (int) index & (ring.length - 1);
    }

    @Override
    public String toString() {
        return "queue of " + (tail - left()) + " of " + capacity + (isClosed() ? ", closed" : "") + ", ring "
                + Arrays.asList(slots).size();
    }
}
