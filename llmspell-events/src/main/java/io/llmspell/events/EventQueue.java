package io.llmspell.events;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue of one subscription: a ring that grows up to its capacity.
 *
 * <p><b>Threads:</b> one writer at a time (offer, evict, close: under the order lock of the bus) and one taker at a
 * time (peek, take), without a lock between the two. Each side remembers what it last saw of the other's index and looks
 * again only when that does not suffice, because an index that is read on every step is fetched from the other's cache
 * each time. A taker that finds nothing and means to rest looks again under the order lock.
 *
 * <p>In a <b>contested</b> queue the writer may evict, or what is taken counts as delivered. There the word {@code head}
 * holds the index of the oldest item and the closed bit, so that one compare-and-set claims an item, and none can be
 * claimed once the queue is closed. An item that was read before the claim is right if the claim succeeds, because only
 * then nobody else has moved the head. A taker that is late in clearing its slot does so by compare-and-set, as the
 * writer may have used the slot again; so no object may be put into a contested queue twice.
 *
 * <p>In another queue the taker alone moves the head. It fetches items in portions, which it hands out one by one; until
 * then they count as queued. Whether an item that was taken as the queue closed is still handled is decided elsewhere,
 * see {@link HandlerRun}.
 */
final class EventQueue {
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int FIRST_LENGTH = 16;
    private static final int PORTION = 32;

    /** How long a taker lets the writer get ahead: a microsecond or two. */
    private static final int PAUSES = 32;

    /** So many slots of the portion stay empty at either end, to keep it off the cache lines of others. */
    private static final int MARGIN = 16;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(TakerFields.class, "head", long.class);
            TAIL = MethodHandles.lookup().findVarHandle(WriterFields.class, "tail", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;
    private final boolean contested;

    /** A power of two long. */
    private volatile @Nullable Object[] slots;

    /** Written by the writer; in a contested queue the bit in the head decides. */
    private volatile boolean closed;

    private final WriterSide writer = new WriterSide();
    private final TakerSide taker = new TakerSide();

    /** What the taker has fetched and not handed out, but for the item that it handed out last. */
    private final @Nullable Object[] portion;

    private final int most;

    /** What the writer writes all the time. */
    private abstract static class WriterFields extends Padding {
        /** The index behind the newest item. */
        volatile long tail;

        /** The head that the writer last saw; the true one may be further on. */
        long seenHead;

        /** How many items the present ring may hold. */
        int room;
    }

    private static final class WriterSide extends WriterFields {
        @SuppressWarnings("unused") // only their place counts
        private long q0, q1, q2, q3, q4, q5, q6, q7;
    }

    /** What the taker writes all the time. */
    private abstract static class TakerFields extends Padding {
        /** Twice the index of the oldest item, plus one if the queue is contested and closed. */
        volatile long head;

        /** The tail that the taker last saw; the true one may be further on. */
        long seenTail;

        /** The head that the taker saw when it peeked. */
        long peeked;

        /** The place of the next item in the portion, and the end of it. */
        int next = MARGIN;

        int end = MARGIN;
    }

    private static final class TakerSide extends TakerFields {
        @SuppressWarnings("unused") // only their place counts
        private long q0, q1, q2, q3, q4, q5, q6, q7;
    }

    EventQueue(int capacity, boolean contested) {
        this.contested = contested;
        this.capacity = capacity;
        this.most = contested ? 0 : Math.min(capacity, PORTION);
        this.portion = new Object[MARGIN + most + MARGIN];
        this.slots = new Object[Math.min(FIRST_LENGTH, powerOfTwo(capacity))];
        writer.room = Math.min(capacity, slots.length);
    }

    private static int powerOfTwo(int least) {
        return least == 1 ? 1 : Integer.highestOneBit(least - 1) << 1;
    }

    int capacity() {
        return capacity;
    }

    /** Whether no object may be put into the queue twice. */
    boolean isContested() {
        return contested;
    }

    boolean isClosed() {
        return contested ? (taker.head & 1) != 0 : closed;
    }

    /** Writer: the same, without a look at what the taker writes. */
    boolean isShut() {
        return closed;
    }

    boolean isEmpty() {
        return closed || taker.head >>> 1 == writer.tail;
    }

    /** Taker: whether there is an item. */
    boolean hasNext() {
        long index = (long) HEAD.get(taker) >>> 1;
        if (index >= taker.seenTail) {
            letTheWriterGetAhead();
            taker.seenTail = writer.tail;
        }
        return index < taker.seenTail && !closed;
    }

    /**
     * A taker at the heels of the writer would fetch every item and the tail itself from the writer's cache, which slows
     * both down to the time of that; and one that rests must be woken. So after a small portion it looks a moment later.
     */
    private void letTheWriterGetAhead() {
        if (most == PORTION && taker.end - MARGIN < PORTION / 2) {
            for (int i = 0; i < PAUSES; i++) {
                Thread.onSpinWait();
            }
        }
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
        return closed ? 0 : (int) Math.max(0, Math.min(writer.tail - begin, capacity));
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
        long end = (long) TAIL.get(writer);
        if (closed || (end - writer.seenHead >= writer.room && !hasRoom(end))) {
            return false;
        }
        @Nullable Object[] ring = slots;
        SLOTS.setRelease(ring, slot(ring, end), item);
        TAIL.setRelease(writer, end + 1);
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
        long end = (long) TAIL.get(writer);
        if (end - writer.seenHead >= interesting) {
            writer.seenHead = taker.head >>> 1;
        }
        return (int) (end - writer.seenHead);
    }

    private void grow(@Nullable Object[] ring, long end) {
        @Nullable Object[] larger = new Object[ring.length * 2];
        for (long i = taker.head >>> 1; i < end; i++) {
            larger[slot(larger, i)] = SLOTS.getAcquire(ring, slot(ring, i));
        }
        slots = larger;
        writer.room = Math.min(capacity, larger.length);
    }

    /** Writer of a contested queue: removes the oldest item; false if the taker was faster and there is none. */
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

    /**
     * Writer: refuses items from now on and lets those go that are there; gives their number if the queue is contested,
     * else what was not handled by then has gone.
     */
    long close() {
        if (closed) {
            return 0;
        }
        closed = true;
        long dropped = contested ? closeHead() : 0;
        slots = new Object[1];
        return dropped;
    }

    private long closeHead() {
        while (true) {
            long word = taker.head;
            long end = writer.tail;
            if (HEAD.compareAndSet(taker, word, end << 1 | 1)) {
                return end - (word >>> 1);
            }
        }
    }

    /** Taker: the oldest item, or null; another may have gone with it before it is taken. */
    @Nullable Object peek() {
        return contested ? peekContested() : peekAlone();
    }

    private @Nullable Object peekContested() {
        long word = taker.head;
        long index = word >>> 1;
        if ((word & 1) != 0 || !isBeforeTail(index)) {
            return null;
        }
        taker.peeked = word;
        @Nullable Object[] ring = slots;
        return SLOTS.getAcquire(ring, slot(ring, index));
    }

    private @Nullable Object peekAlone() {
        if (closed) {
            Arrays.fill(portion, null);
            taker.next = taker.end = MARGIN;
            return null;
        }
        return taker.next < taker.end || fetch() ? portion[taker.next] : null;
    }

    /** Moves what there is into the portion, as far as it goes and the ring does not begin anew. */
    private boolean fetch() {
        long index = (long) HEAD.get(taker) >>> 1;
        if (!isBeforeTail(index)) {
            return false;
        }
        @Nullable Object[] ring = slots; // after the tail, so that the items are there
        int from = slot(ring, index);
        int count = (int) Math.min(taker.seenTail - index, Math.min(most, ring.length - from));
        forget();
        System.arraycopy(ring, from, portion, MARGIN, count);
        Arrays.fill(ring, from, from + count, null);
        taker.next = MARGIN;
        taker.end = MARGIN + count;
        return !closed; // else the ring may be another one by now
    }

    /** Taker: claims the item that was peeked; false if it was evicted or the queue closed meanwhile. */
    boolean take(Object item) {
        if (!contested) {
            return takeAlone();
        }
        long word = taker.peeked;
        if (!HEAD.compareAndSet(taker, word, word + 2)) {
            return false;
        }
        @Nullable Object[] ring = slots;
        SLOTS.compareAndSet(ring, slot(ring, word >>> 1), item, null);
        return true;
    }

    private boolean takeAlone() {
        forget();
        taker.next++;
        HEAD.setRelease(taker, (long) HEAD.get(taker) + 2);
        return !closed;
    }

    /** What was taken last from a queue that is not contested, as long as the taker has not gone on; for any thread. */
    @Nullable Object taken() {
        return portion[taker.next - 1];
    }

    /** Taker: forgets what it took last. */
    void forget() {
        portion[taker.next - 1] = null;
    }

    private static int slot(@Nullable Object[] ring, long index) {
        return (int) index & (ring.length - 1);
    }

    @Override
    public String toString() {
        return "queue of " + size() + " of " + capacity + (isClosed() ? ", closed" : "") + ", ring "
                + Arrays.asList(slots).size();
    }
}
