package io.llmspell.hooks;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many operations run again: a share of the calls of the last seconds, and a few in any case, so that
 * retries cannot multiply the load on something that is failing already.
 *
 * <p>Calls are counted without a lock; about once a second one of them notes the sums, from which the window is taken.
 */
final class RetryBudget {
    private static final long SECOND = 1_000_000_000L;
    private static final int WINDOW_SECONDS = 10;
    private static final int FREE = 10;

    private final double share;
    private final LongAdder calls = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();

    /** Sums at past moments, a ring; guarded by {@code lock}. */
    private final Mark[] marks = new Mark[WINDOW_SECONDS + 2];

    private int newest;
    private long retries;

    /** Read without lock: when the newest mark was made. */
    private volatile long markedAt;

    private record Mark(long nanos, long calls, long retries) {}

    RetryBudget(double share, long now) {
        this.share = share;
        for (int i = 0; i < marks.length; i++) {
            marks[i] = new Mark(now - WINDOW_SECONDS * SECOND, 0, 0);
        }
        this.markedAt = now;
    }

    /** Counts a call. */
    void called(long now) {
        calls.increment();
        if (now - markedAt >= SECOND && lock.tryLock()) {
            try {
                mark(now);
            } finally {
                lock.unlock();
            }
        }
    }

    private void mark(long now) {
        if (now - markedAt >= 2 * SECOND) { // nothing came for a while: all that was counted is from before the gap
            add(markedAt + SECOND);
        }
        if (now - markedAt >= SECOND) {
            add(now);
        }
    }

    private void add(long now) {
        newest = (newest + 1) % marks.length;
        marks[newest] = new Mark(now, calls.sum(), retries);
        markedAt = now;
    }

    /** Takes one retry if the budget has one left. */
    boolean take(long now) {
        lock.lock();
        try {
            mark(now);
            Mark since = windowBegin(now);
            if (retries - since.retries >= FREE + share * (calls.sum() - since.calls)) {
                return false;
            }
            retries++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The newest mark that is not younger than the window, else the oldest one. */
    private Mark windowBegin(long now) {
        for (int i = 0; i < marks.length - 1; i++) {
            Mark mark = marks[(newest - i + marks.length) % marks.length];
            if (now - mark.nanos >= WINDOW_SECONDS * SECOND) {
                return mark;
            }
        }
        return marks[(newest + 1) % marks.length];
    }
}
