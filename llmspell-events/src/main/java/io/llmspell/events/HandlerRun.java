package io.llmspell.events;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.UniversalEvent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs handlers one after another and interrupts the one that takes too long.
 *
 * <p>There is no timer for each event: while the lane is at work a watch looks every quarter of the timeout, and whoever
 * it meets running five times in a row has had its time. So a handler is interrupted after one to one and a half
 * timeouts. The word {@code state} holds the number of the run and what becomes of it; one compare-and-set decides
 * between its end and its interrupt, so that the interrupt never hits another run.
 *
 * <p><b>Threads:</b> {@link #run} for one thread at a time; the watch runs on timer threads.
 */
final class HandlerRun extends Padding {
    private static final VarHandle STATE;
    private static final VarHandle FINISHED;
    private static final int QUARTERS = 4;

    /** The low bits of the state. */
    private static final long MASK = 3;

    private static final long RUNS = 1;
    private static final long BEING_INTERRUPTED = 2;
    private static final long INTERRUPTED = 3;
    private static final long NEXT = 4;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(HandlerRun.class, "state", long.class);
            FINISHED = MethodHandles.lookup().findVarHandle(HandlerRun.class, "finished", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whose handlers these are. */
    interface Owner {
        /** Whether more handlers may be started without the lane being woken again. */
        boolean isActive();

        /** The handler is back in time, with what it threw; on its thread. */
        void ended(UniversalEvent event, @Nullable Throwable failure);

        /** The handler has had its time and was interrupted; on a timer thread. */
        void overran(UniversalEvent event);
    }

    private final BusParts parts;
    private final EventHandler handler;
    private final Duration quarter;
    private final Owner owner;
    private final AtomicBoolean watching = new AtomicBoolean();
    private volatile long state;

    /** How many handlers have returned; written by the lane alone. */
    private volatile long finished;

    /** Who is at work in the lane; written once for many handlers, as writes of references cost. */
    private @Nullable Thread runner;

    private @Nullable UniversalEvent event;

    /** For the watch alone: what it met last, and how often. */
    private long met;

    private int meetings;

    HandlerRun(BusParts parts, EventHandler handler, Duration timeout, Owner owner) {
        this.parts = parts;
        this.handler = handler;
        this.quarter = timeout.dividedBy(QUARTERS);
        this.owner = owner;
    }

    /** Whether the calling thread is at work in the lane; a thread sees its own writes, so no fence is needed. */
    boolean isOnThisThread() {
        return runner == Thread.currentThread();
    }

    long finished() {
        return finished;
    }

    void run(UniversalEvent next) {
        long run = state + RUNS;
        event = next;
        STATE.setRelease(this, run);
        Throwable failure = null;
        try {
            handler.handle(next, false);
        } catch (Throwable thrown) {
            failure = thrown;
        }
        boolean inTime = STATE.compareAndSet(this, run, run - RUNS + NEXT);
        if (!inTime) {
            awaitInterrupt(run);
        }
        if (inTime) {
            owner.ended(next, failure);
        }
        event = null;
        FINISHED.setRelease(this, (long) FINISHED.get(this) + 1);
        Thread.interrupted(); // an interrupt that this handler left or got must not hit the next one
    }

    /** Hands the event of the present run to its handler once more, with its whole time; from within its end. */
    void again(UniversalEvent same) throws Throwable {
        long run = state + RUNS;
        STATE.setRelease(this, run);
        Throwable failure = null;
        try {
            handler.handle(same, true);
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (!STATE.compareAndSet(this, run, run - RUNS + NEXT)) {
            awaitInterrupt(run);
            Thread.interrupted(); // the gate goes on with this thread
            throw LimitException.timeout(
                    "a handler that got event " + same.type() + " again",
                    quarter.multipliedBy(QUARTERS).toString());
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The watch has decided to interrupt and is about to do it, which takes a moment. */
    private void awaitInterrupt(long run) {
        while (state != run - RUNS + INTERRUPTED) {
            Thread.onSpinWait();
        }
        STATE.setRelease(this, run - RUNS + NEXT);
    }

    /** The lane has become active on the calling thread. */
    void begin() {
        runner = Thread.currentThread();
        watch();
    }

    /** The lane is about to rest. */
    void pause() {
        runner = null;
    }

    private void watch() {
        if (!quarter.isZero() && !watching.get() && watching.compareAndSet(false, true)) {
            parts.time().schedule(quarter, this::look);
        }
    }

    private void look() {
        long now = state;
        if ((now & MASK) == RUNS) {
            meetings = now == met ? meetings + 1 : 0;
            met = now;
            if (meetings >= QUARTERS) {
                interrupt(now);
            }
        }
        watching.set(false);
        if (owner.isActive()) {
            watch();
        }
    }

    private void interrupt(long run) {
        UniversalEvent late = event;
        Thread thread = runner;
        if (!STATE.compareAndSet(this, run, run - RUNS + BEING_INTERRUPTED)) {
            return;
        }
        if (thread != null) {
            thread.interrupt();
        }
        STATE.setRelease(this, run - RUNS + INTERRUPTED);
        if (late != null) {
            owner.overran(late);
        }
    }
}
