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
 * taker that is late in clearing its slot does so by compare-and-set, as the writer may have used the slot again; so no
 * object may be put into a queue twice. Each side remembers what it last saw of the other's index and looks again only
 * when that does not suffice, because an index that is read on every step is fetched from the other's cache each time.
 */
final class EventQueue {
    private static final VarHandle HEAD;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int FIRST_LENGTH = 16;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(TakerSide.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;
    private final boolean evicting;

    /** A power of two long. */
    private volatile @Nullable Object[] slots;

    private final WriterSide writer = new WriterSide();
    private final TakerSide taker = new TakerSide();

    /** What the writer writes all the time. */
    private static final class WriterSide extends Padding {
        /** The index behind the newest item. */
        volatile long tail;

        /** The head that the writer last saw; the true one may be further on. */
        long seenHead;

        /** How many items the present ring may hold. */
        int room;

        /** That the closed bit is set, which nobody else does. */
        boolean shut;
    }

    /** What the taker writes all the time. */
    private static final class TakerSide extends Padding {
        /** Twice the index of the oldest item, plus one if the queue is closed. */
        volatile long head;

        /** The tail that the taker last saw; the true one may be further on. */
        long seenTail;

        /** The head that the taker saw when it peeked. */
        long peeked;
    }

    /** Makes a queue from which the writer may evict. */
    EventQueue(int capacity) {
        this(capacity, true);
    }

    EventQueue(int capacity, boolean evicting) {
        this.evicting = evicting;
        this.capacity = capacity;
        this.slots = new Object[Math.min(FIRST_LENGTH, powerOfTwo(capacity))];
        writer.room = Math.min(capacity, slots.length);
    }

    private static int powerOfTwo(int least) {
        return least == 1 ? 1 : Integer.highestOneBit(least - 1) << 1;
    }

    int capacity() {
        return capacity;
    }

    boolean isClosed() {
        return (taker.head & 1) != 0;
    }

    boolean isEmpty() {
        return taker.head >>> 1 == writer.tail;
    }

    /** Taker: whether there is an item. */
    boolean hasNext() {
        return isBeforeTail(taker.head >>> 1);
    }

    private boolean isBeforeTail(long index) {
        if (index >= taker.seenTail) {
            taker.seenTail = writer.tail;
        }
        return index < taker.seenTail;
    }

    /** Taker: whether there are no more items than so many, which it need not know exactly. */
    boolean isAtMost(int count) {
        long index = taker.head >>> 1;
        if (taker.seenTail - index <= count) {
            taker.seenTail = writer.tail;
        }
        return taker.seenTail - index <= count;
    }

    /** How many items are there; at least 0 and at most the capacity, whoever reads. */
    int size() {
        long begin = taker.head >>> 1;
        return (int) Math.max(0, writer.tail - begin > capacity ? capacity : writer.tail - begin);
    }

    /** How many items have left the queue, by whatever way. */
    long left() {
        return taker.head >>> 1;
    }

    /** How many items were ever taken in. */
    long entered() {
        return writer.tail;
    }

    /** Writer: appends an item unless the queue is full or closed. */
    boolean offer(Object item) {
        long end = writer.tail;
        if (writer.shut || (end - writer.seenHead >= writer.room && !hasRoom(end))) {
            return false;
        }
        @Nullable Object[] ring = slots;
        SLOTS.setRelease(ring, slot(ring, end), item);
        writer.tail = end + 1;
        return true;
    }

    /** Looks again at the head, and lets the ring grow if it is full but the queue is not. */
    private boolean hasRoom(long end) {
        writer.seenHead = taker.head >>> 1;
        if (end - writer.seenHead >= capacity) {
            return false;
        }
        if (end - writer.seenHead >= writer.room) {
            grow(slots, end);
        }
        return true;
    }

    /** Writer: how many items there are, exact if there may be as many as it is worth to know. */
    int sizeFrom(int interesting) {
        if (writer.tail - writer.seenHead >= interesting) {
            writer.seenHead = taker.head >>> 1;
        }
        return (int) (writer.tail - writer.seenHead);
    }

    private void grow(@Nullable Object[] ring, long end) {
        @Nullable Object[] larger = new Object[ring.length * 2];
        for (long i = taker.head >>> 1; i < end; i++) {
            larger[slot(larger, i)] = SLOTS.getAcquire(ring, slot(ring, i));
        }
        slots = larger;
        writer.room = Math.min(capacity, larger.length);
    }

    /** Writer: removes the oldest item; false if the taker was faster and there is none. */
    boolean evict() {
        while (true) {
            long word = taker.head;
            long index = word >>> 1;
            if (index == writer.tail) {
                return false;
            }
            @Nullable Object[] ring = slots;
            Object item = SLOTS.getAcquire(ring, slot(ring, index));
            if (HEAD.compareAndSet(taker, word, word + 2)) {
                SLOTS.compareAndSet(ring, slot(ring, index), item, null);
                return true;
            }
        }
    }

    /** Writer: refuses items from now on and lets those go that are there; gives their number. */
    long close() {
        writer.shut = true;
        while (true) {
            long word = taker.head;
            if ((word & 1) != 0) {
                return 0;
            }
            long end = writer.tail;
            if (HEAD.compareAndSet(taker, word, end << 1 | 1)) {
                slots = new Object[1];
                return end - (word >>> 1);
            }
        }
    }

    /** Taker: the oldest item, or null; another may have gone with it before it is taken. */
    @Nullable Object peek() {
        long word = taker.head;
        long index = word >>> 1;
        if ((word & 1) != 0 || !isBeforeTail(index)) {
            return null;
        }
        taker.peeked = word;
        @Nullable Object[] ring = slots;
        return SLOTS.getAcquire(ring, slot(ring, index));
    }

    /** Taker: claims the item that was peeked; false if it was evicted or the queue closed meanwhile. */
    boolean take(Object item) {
        long word = taker.peeked;
        if (!evicting) {
            return takeAlone(word);
        }
        if (!HEAD.compareAndSet(taker, word, word + 2)) {
            return false;
        }
        @Nullable Object[] ring = slots;
        SLOTS.compareAndSet(ring, slot(ring, word >>> 1), item, null);
        return true;
    }

    /** Nobody else moves the head but to close, so the slot can be cleared at once. */
    private boolean takeAlone(long word) {
        @Nullable Object[] ring = slots;
        SLOTS.setOpaque(ring, slot(ring, word >>> 1), null);
        return HEAD.compareAndSet(taker, word, word + 2);
    }

    private static int slot(@Nullable Object[] ring, long index) {
        return (int) index & (ring.length - 1);
    }

    @Override
    public String toString() {
        return "queue of " + (writer.tail - left()) + " of " + capacity + (isClosed() ? ", closed" : "") + ", ring "
                + Arrays.asList(slots).size();
    }
}
