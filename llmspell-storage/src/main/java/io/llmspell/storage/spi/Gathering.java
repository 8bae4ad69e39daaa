package io.llmspell.storage.spi;

import io.llmspell.core.time.TimeSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets the leader of a {@link CommitQueue} wait a moment for the writers of the last group, who are on their way back, so
 * that they share its sync instead of waiting for it and then for their own.
 *
 * <p>The wait ends when as many are queued as were in the last group and behind it, at the latest after a quarter of what
 * a group takes; where a group takes less than {@link #LEAST_NANOS}, and for a writer alone, there is none. Asynchronous
 * commits do not count: nobody waits for them, so nobody comes back.
 *
 * <p><b>Threads:</b> {@link #added} and {@link #now} for anybody, the rest for the leader.
 */
final class Gathering {
    /** Groups that take less are not worth a wait: sleeping and waking up take some 50 µs. */
    private static final long LEAST_NANOS = 150_000;

    private final @Nullable TimeSource time;
    private final int most;
    private final AtomicInteger queued = new AtomicInteger();
    private int expected;
    private long usualNanos;
    private volatile int wanted;
    private volatile @Nullable Thread waiting;

    /**
     * Makes it.
     *
     * @param time measures groups, or null for never waiting
     * @param most how many fit into a group
     */
    Gathering(@Nullable TimeSource time, int most) {
        this.time = time;
        this.most = most;
    }

    /** A writer waits in the queue. */
    void added() {
        int now = queued.incrementAndGet();
        Thread leader = waiting;
        if (leader != null && now >= wanted) {
            LockSupport.unpark(leader);
        }
    }

    /** Waits if somebody is expected. */
    void await() {
        if (usualNanos < LEAST_NANOS || queued.get() >= expected) {
            return;
        }
        wanted = expected;
        waiting = Thread.currentThread();
        if (queued.get() < expected) {
            LockSupport.parkNanos(this, usualNanos / 4);
        }
        waiting = null;
    }

    /** The time at which a group begins. */
    long now() {
        return time == null ? 0 : time.nanos();
    }

    /** So many writers have left the queue. */
    void taken(int writers) {
        queued.addAndGet(-writers);
    }

    /** Remembers a group; before its writers are released. */
    void ended(int writers, long beganNanos) {
        expected = Math.min(most, writers + queued.get());
        usualNanos += (now() - beganNanos - usualNanos) / 4;
    }
}
