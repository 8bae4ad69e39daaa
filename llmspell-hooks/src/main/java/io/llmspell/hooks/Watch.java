package io.llmspell.hooks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of one hook that runs on its caller's thread.
 *
 * <p>A watch belongs to one thread and one depth of nesting and is used again for each hook there, so that arming
 * allocates nothing. Its state is one number: how often it was armed, and one of four phases. The thread arms it with a
 * store and disarms it by compare-and-set; the watchdog takes it, by compare-and-set as well, before it interrupts. So
 * the interrupt is sent only while the very hook runs whose deadline passed: if disarming comes first, the watchdog's
 * attempt fails; if the watchdog comes first, disarming waits for the lane's monitor, until the interrupt is sent, and
 * clears it.
 *
 * <p><b>Threads:</b> arming and disarming on the thread of its lane only, the innermost first; the watchdog beside it.
 */
final class Watch {
    private static final long PHASES = 3;
    private static final long ARMED = 1;
    private static final long FIRED = 2;
    private static final long STUCK = 3;
    private static final long ONCE_MORE = 4;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Watch.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Lane lane;

    /** Number of armings, and phase; through {@link #STATE}. */
    private volatile long state;

    // Written by the thread before it arms; the watchdog trusts them only after its compare-and-set. The guard stays
    // until another one comes.
    private @Nullable HookGuard guard;
    private long began;
    private long pausedBefore;
    private boolean interruptedBefore;

    // For the watchdog alone: which arming it saw last, and what the processor had been wanted by others before it.
    private long seenArming;
    private long laggedBefore;

    // Guarded by the lane.
    private boolean sent;
    private long firedAt;

    Watch(Lane lane) {
        this.lane = lane;
    }

    /** The hook that runs, as chains of hooks show it; for the thread of the lane, while it is armed. */
    String hook() {
        HookGuard armed = Objects.requireNonNull(guard, "an armed watch has a hook");
        return armed.shown();
    }

    /** Begins to watch; the thread of the lane calls it. */
    void arm(HookGuard hook, long now, long paused) {
        if (guard != hook) { // storing a reference costs as much as the rest of arming
            guard = hook;
        }
        began = now;
        pausedBefore = paused;
        interruptedBefore = Thread.currentThread().isInterrupted();
        STATE.setRelease(this, ((long) STATE.getOpaque(this) & ~PHASES) + ONCE_MORE + ARMED);
    }

    /**
     * Ends watching: from now on no interrupt of the watchdog comes, and none that it sent is left. To be called before
     * anything looks at the thread's interrupt flag; a hook that overran may have thrown {@code InterruptedException}
     * because of the watchdog, and then the flag must not be set again.
     *
     * @return whether the hook overran its deadline
     */
    boolean disarm() {
        lane.pop();
        long armed = (long) STATE.getOpaque(this);
        boolean inTime = (armed & PHASES) == ARMED && STATE.compareAndSet(this, armed, armed - ARMED);
        if (!inTime) {
            disarmFired();
        }
        return !inTime;
    }

    private void disarmFired() {
        HookGuard hook = guard;
        boolean stuck;
        synchronized (lane) {
            stuck = (state & PHASES) == STUCK;
            state = state & ~PHASES;
            if (sent && !lane.outerSent(this)) {
                boolean unused = Thread.interrupted();
            }
            sent = false;
            if (interruptedBefore) {
                Thread.currentThread().interrupt();
            }
        }
        if (stuck && hook != null) {
            hook.ranOut();
        }
    }

    long began() {
        return began;
    }

    long pausedBefore() {
        return pausedBefore;
    }

    /** For the watchdog: whether this watch has sent an interrupt that it must clear; under the lane's monitor. */
    boolean sent() {
        return sent;
    }

    /** For the watchdog: a number that changes with each arming. */
    long armings() {
        return (long) STATE.getAcquire(this) & ~PHASES;
    }

    /**
     * For the watchdog: fires if the deadline has passed.
     *
     * @return when to look again, in nanoseconds; {@link Long#MAX_VALUE} if there is nothing to watch
     */
    long check(Watchdog.Look look) {
        long seen = (long) STATE.getAcquire(this);
        long phase = seen & PHASES;
        HookGuard hook = guard;
        if (phase == 0 || hook == null) {
            return Long.MAX_VALUE;
        }
        if (phase == ARMED) {
            long left = began + hook.deadlineNanos() + (look.paused() - pausedBefore) - look.now();
            if (left > 0 && left > overexcused(seen, hook, look)) {
                return left;
            }
            return fire(seen, look.now()) ? grace(hook) : Long.MAX_VALUE;
        }
        return phase == FIRED ? stuck(seen, hook, look.now()) : Long.MAX_VALUE;
    }

    /** By how much a hook is excused too long that does not want the processor it is excused for. */
    private long overexcused(long arming, HookGuard hook, Watchdog.Look look) {
        if (arming != seenArming) {
            seenArming = arming;
            laggedBefore = look.laggedBefore();
        }
        long more = look.lagged() - laggedBefore - hook.deadlineNanos();
        return more > 0 && lane.waits() ? more : 0;
    }

    private boolean fire(long seen, long now) {
        synchronized (lane) {
            if (!STATE.compareAndSet(this, seen, seen - ARMED + FIRED)) {
                return false;
            }
            sent = lane.interrupt(this);
            firedAt = now;
            return true;
        }
    }

    private long stuck(long seen, HookGuard hook, long now) {
        synchronized (lane) {
            if (state != seen) {
                return Long.MAX_VALUE;
            }
            long left = firedAt + grace(hook) - now;
            if (left > 0) {
                return left;
            }
            state = seen - FIRED + STUCK;
        }
        hook.overran(now);
        return Long.MAX_VALUE;
    }

    /** How long an interrupted hook has to end: a fifth of its deadline, at least 10 ms. */
    static long grace(HookGuard hook) {
        return Math.max(hook.deadlineNanos() / 5, Watchdog.LEAST_GRACE_NANOS);
    }
}
