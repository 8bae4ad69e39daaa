package io.llmspell.hooks;

import io.llmspell.core.hook.BreakerState;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one hook: it keeps a hook that fails or dawdles from starting.
 *
 * <p>Closed, a call costs one volatile read; open, a second field of the same immutable object. Everything else is rare
 * and happens under the object's monitor, in which no foreign code runs: the listener is told outside. The breaker has
 * no clock; nanoseconds of one monotonic clock are passed in. <b>Threads:</b> safe.
 *
 * <p>A call that may start gets a ticket and gives it back with {@link #ended} or {@link #releaseUnused}. The ticket
 * says in which phase the call began, so that a straggler from an earlier phase neither closes nor reopens a breaker
 * that is trying its hook again.
 */
final class Breaker {
    /** The ticket of a call that may not start. */
    static final int REFUSED = 0;

    /** The ticket of every call that starts while the breaker is closed. */
    private static final int FREE = 1;

    private static final Phase CLOSED = new Phase(BreakerState.CLOSED, 0, FREE, null);

    /** Hears of changes, outside all locks. */
    @FunctionalInterface
    interface Listener {
        /** Does nothing. */
        Listener NONE = (from, to, reason) -> {};

        /**
         * The state has changed.
         *
         * @param from the state before
         * @param to the state now
         * @param reason why it opened; while half open, why it had opened; null when it closed
         */
        void changed(BreakerState from, BreakerState to, @Nullable BreakerReason reason);
    }

    /**
     * Where the breaker is.
     *
     * @param state the state
     * @param until open: the end of the open time
     * @param ticket half open: the ticket of the calls that try
     * @param reason why it opened
     */
    private record Phase(
            BreakerState state,
            long until,
            int ticket,
            @Nullable BreakerReason reason) {}

    private final BreakerSettings settings;
    private final boolean slowCounts;
    private final long slowNanos;
    private final Listener listener;

    private volatile Phase phase = CLOSED;

    // The rest is guarded by this.
    private final Recent failures;
    private final Recent slow;
    private final long firstOpenNanos;
    private long openNanos;
    private long closedAt;
    private boolean closedBefore;
    private int lastTicket = FREE;
    private int permits;
    private int successes;

    /** Calls that overran, were interrupted in vain and still run. */
    private int stuck;

    /**
     * Makes a closed breaker.
     *
     * @param settings when it opens
     * @param slowCounts whether slow calls count, as they do for observers
     * @param listener hears of changes
     */
    Breaker(BreakerSettings settings, boolean slowCounts, Listener listener) {
        this.settings = settings;
        this.slowCounts = slowCounts && settings.slowCallThreshold() > 0;
        this.slowNanos = settings.slowCallDuration().toNanos();
        this.listener = listener;
        this.failures = new Recent(settings.failureThreshold());
        this.slow = new Recent(settings.slowCallThreshold());
        this.firstOpenNanos = settings.openDuration().toNanos();
        this.openNanos = firstOpenNanos;
    }

    /**
     * Asks whether a call may start.
     *
     * @param now the present nanoseconds
     * @return a ticket, {@link #REFUSED} if it may not
     */
    @SuppressWarnings("ReferenceEquality") // there is one phase that is closed
    int tryAcquire(long now) {
        Phase present = phase;
        if (present == CLOSED) {
            return FREE;
        }
        if (present.state == BreakerState.OPEN && now - present.until < 0) {
            return REFUSED;
        }
        return tryHalfOpen(now);
    }

    private int tryHalfOpen(long now) {
        Phase before;
        Phase after;
        int ticket = REFUSED;
        synchronized (this) {
            before = phase;
            if (before.state == BreakerState.OPEN && now - before.until >= 0 && stuck <= 0) {
                halfOpen(before);
            }
            after = phase;
            if (after.state == BreakerState.CLOSED) {
                ticket = FREE;
            } else if (after.state == BreakerState.HALF_OPEN && permits > 0) {
                permits--;
                ticket = after.ticket;
            }
        }
        tell(before, after);
        return ticket;
    }

    private void halfOpen(Phase open) {
        lastTicket = lastTicket == Integer.MAX_VALUE ? FREE + 1 : lastTicket + 1;
        permits = settings.successThreshold();
        successes = 0;
        phase = new Phase(BreakerState.HALF_OPEN, 0, lastTicket, open.reason);
    }

    /**
     * Gives a ticket back, of a call that did not start after all.
     *
     * @param ticket the ticket
     */
    void releaseUnused(int ticket) {
        if (ticket != FREE) {
            synchronized (this) {
                if (phase.ticket == ticket && phase.state == BreakerState.HALF_OPEN) {
                    permits++;
                }
            }
        }
    }

    /**
     * Gives a ticket back, of a call that has ended.
     *
     * @param ticket the ticket
     * @param now the present nanoseconds
     * @param tookNanos how long the call took, without pauses of the machine
     * @param failed whether it failed; then its time does not count
     */
    void ended(int ticket, long now, long tookNanos, boolean failed) {
        boolean late = !failed && slowCounts && tookNanos > slowNanos;
        if (failed || late || ticket != FREE) {
            settle(ticket, now, failed, late);
        }
    }

    private void settle(int ticket, long now, boolean failed, boolean late) {
        Phase before;
        Phase after;
        synchronized (this) {
            before = phase;
            if (before.state == BreakerState.CLOSED) {
                if (failed && failures.reached(now, settings.failureWindow().toNanos())) {
                    openNow(now, BreakerReason.FAILURES);
                } else if (late && slow.reached(now, settings.failureWindow().toNanos())) {
                    openNow(now, BreakerReason.SLOW);
                }
            } else if (before.state == BreakerState.HALF_OPEN && before.ticket == ticket) {
                if (failed || late) {
                    openNow(now, failed ? BreakerReason.FAILURES : BreakerReason.SLOW);
                } else if (++successes >= settings.successThreshold()) {
                    closeNow(now);
                }
            }
            after = phase;
        }
        tell(before, after);
    }

    /**
     * Says that a call has overrun, was interrupted and runs on: the breaker opens, and stays open at least until
     * {@link #ranOut}.
     *
     * @param now the present nanoseconds
     */
    void overrun(long now) {
        Phase before;
        Phase after;
        synchronized (this) {
            stuck++;
            before = phase;
            if (before.state != BreakerState.OPEN) {
                openNow(now, BreakerReason.FAILURES);
            }
            after = phase;
        }
        tell(before, after);
    }

    /** Says that a call for which {@link #overrun} was called, or is being called, has ended at last. */
    synchronized void ranOut() {
        stuck--;
    }

    /**
     * Opens the breaker, for the present open time, whatever its calls do; nothing if it is open.
     *
     * @param now the present nanoseconds
     * @param reason why
     */
    void open(long now, BreakerReason reason) {
        Phase before;
        Phase after;
        synchronized (this) {
            before = phase;
            if (before.state != BreakerState.OPEN) {
                openNow(now, reason);
            }
            after = phase;
        }
        tell(before, after);
    }

    /**
     * Closes the breaker and forgets what opened it.
     *
     * @param now the present nanoseconds
     */
    void close(long now) {
        Phase before;
        synchronized (this) {
            before = phase;
            openNanos = firstOpenNanos;
            closeNow(now);
        }
        tell(before, CLOSED);
    }

    private void openNow(long now, BreakerReason reason) {
        if (phase.state == BreakerState.HALF_OPEN && reason != BreakerReason.MANUAL) {
            double longer = openNanos * settings.backoffFactor();
            openNanos =
                    (long) Math.min(longer, (double) settings.maxOpenDuration().toNanos());
        } else if (closedBefore && now - closedAt >= settings.failureWindow().toNanos()) {
            openNanos = firstOpenNanos;
        }
        phase = new Phase(BreakerState.OPEN, now + openNanos, REFUSED, reason);
    }

    private void closeNow(long now) {
        failures.clear();
        slow.clear();
        closedAt = now;
        closedBefore = true;
        phase = CLOSED;
    }

    private void tell(Phase before, Phase after) {
        if (before.state != after.state) {
            listener.changed(before.state, after.state, after.reason);
        }
    }

    /**
     * The state.
     *
     * @param now the present nanoseconds
     * @return half open as soon as the open time is over, also before the first call tries
     */
    BreakerState state(long now) {
        Phase present = phase;
        if (present.state != BreakerState.OPEN || now - present.until < 0) {
            return present.state;
        }
        synchronized (this) {
            boolean over = phase.state == BreakerState.OPEN && now - phase.until >= 0 && stuck <= 0;
            return over ? BreakerState.HALF_OPEN : phase.state;
        }
    }

    /**
     * How long the breaker stays open at least.
     *
     * @param now the present nanoseconds
     * @return nanoseconds, zero if it is not open or opens as soon as a stuck call ends
     */
    long openFor(long now) {
        Phase present = phase;
        return present.state == BreakerState.OPEN ? Math.max(0, present.until - now) : 0;
    }

    /**
     * Why the breaker is open or half open.
     *
     * @return the reason, null if it is closed
     */
    @Nullable BreakerReason reason() {
        return phase.reason;
    }

    /** The times of the last things that happened, as many as matter; guarded by the breaker. */
    private static final class Recent {
        private final int threshold;
        private long @Nullable [] times;
        private int count;
        private int next;

        Recent(int threshold) {
            this.threshold = threshold;
        }

        /** Notes one more and says whether as many as the threshold happened within the window. */
        boolean reached(long now, long windowNanos) {
            long[] ring = times;
            if (ring == null) {
                ring = new long[threshold];
                times = ring;
            }
            ring[next] = now;
            next = (next + 1) % threshold;
            count = Math.min(count + 1, threshold);
            return count == threshold && now - ring[next] < windowNanos;
        }

        void clear() {
            count = 0;
            next = 0;
        }
    }
}
