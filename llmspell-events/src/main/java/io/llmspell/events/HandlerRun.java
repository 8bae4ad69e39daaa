package io.llmspell.events;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.time.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs handlers one after another, interrupts the one that takes too long, and starts none once it was closed.
 *
 * <p>The word {@code state} says how many events were handed to the handler and what it does now, with the closed bit.
 * One compare-and-set starts a handler, as the last thing before its call, so closing has one order with every start; and
 * one decides between the end of a handler and its interrupt, so that the interrupt never hits another one. A handler
 * that went well ends with the start of the next one or with {@link #finish}, whichever comes first.
 *
 * <p>There is no timer for each event: while the lane is at work a watch looks every quarter of the timeout, and whoever
 * it meets running five times in a row has had its time. So a handler is interrupted after one to one and a half
 * timeouts.
 *
 * <p><b>Threads:</b> {@link #run}, {@link #finish} and {@link #again} for one thread at a time, the lane; the watch runs
 * on timer threads; the rest is safe.
 */
final class HandlerRun extends Padding {
    private static final VarHandle STATE;
    private static final VarHandle KNOWN;
    private static final int QUARTERS = 4;

    /** What the handler does: the low bits of the state. */
    private static final long DOING = 7;

    private static final long NOTHING = 0;
    private static final long RUNS = 1;
    private static final long BEING_INTERRUPTED = 2;
    private static final long INTERRUPTED = 3;

    /** The handler has failed, and those are told who want to know. */
    private static final long FAILED = 4;

    private static final long CLOSED = 8;

    /** Tells deliveries of the same event apart. */
    private static final long DELIVERY = 16;

    private static final long DELIVERIES = 255 * DELIVERY;
    private static final int COUNT_SHIFT = 12;
    private static final long COUNT = 1L << COUNT_SHIFT;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(HandlerRun.class, "state", long.class);
            KNOWN = MethodHandles.lookup().findVarHandle(HandlerRun.class, "known", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whose handlers these are. */
    interface Owner {
        /** Whether more handlers may be started without the lane being woken again. */
        boolean isActive();

        /** The decision to run the handler has been made and its effects are visible; on the lane, before the call. */
        void starts();

        /** The handler has failed in time; on its thread. */
        void failed(UniversalEvent event, Throwable failure);

        /** The handler is back in time and went well; on its thread. */
        void succeeded();

        /** The event that the lane took last, or null; for any thread. */
        @Nullable UniversalEvent current();

        /** The handler has had its time and was interrupted; on a timer thread. */
        void overran(UniversalEvent event);
    }

    private final TimeSource time;
    private final EventHandler handler;
    private final Duration quarter;
    private final Owner owner;
    private final AtomicBoolean watching = new AtomicBoolean();
    private volatile long state;

    /** Whose event the owner has at hand: how many were started by then, zero while the lane takes another one. */
    private volatile long known;

    /** Who is at work in the lane; written once for many handlers, as writes of references cost. */
    private @Nullable Thread runner;

    /** For the watch alone: what it met last, and how often. */
    private long met;

    private int meetings;

    HandlerRun(TimeSource time, EventHandler handler, Duration timeout, Owner owner) {
        this.time = time;
        this.handler = handler;
        this.quarter = timeout.dividedBy(QUARTERS);
        this.owner = owner;
    }

    /** Whether the calling thread is at work in the lane; a thread sees its own writes, so no fence is needed. */
    boolean isOnThisThread() {
        return runner == Thread.currentThread();
    }

    /** How many events were handed to the handler; constant from {@link #close} on. */
    long started() {
        return state >>> COUNT_SHIFT;
    }

    boolean isRunning() {
        return (state & DOING) != NOTHING;
    }

    /** Lets no handler start from now on. */
    void close() {
        long unused = (long) STATE.getAndBitwiseOr(this, CLOSED);
    }

    /** Lane: before it takes another event. The handler before may still count as running, but its event is gone. */
    void goOn() {
        KNOWN.setOpaque(this, 0L);
        VarHandle.storeStoreFence();
    }

    /** Hands an event to the handler, unless the lane was closed. */
    void run(UniversalEvent event) {
        if (!start()) {
            return;
        }
        KNOWN.setRelease(this, started());
        owner.starts();
        try {
            handler.handle(event, false);
        } catch (Throwable failure) {
            if (become(RUNS, FAILED)) {
                owner.failed(event, failure);
            }
            finish();
            return;
        }
        boolean unused = Thread.interrupted(); // what this handler left must not hit the next one
        if ((state & DOING) == RUNS) {
            owner.succeeded();
        } else {
            finish();
        }
    }

    /** Ends the handler before, if that was not done yet, and starts the next one. */
    private boolean start() {
        while (true) {
            long now = state;
            if ((now & CLOSED) != 0) {
                finish();
                return false;
            }
            if ((now & DOING) > RUNS) {
                finish();
            } else if (STATE.compareAndSet(this, now, (now & -COUNT) + COUNT + RUNS)) {
                return true;
            }
        }
    }

    /** From what it does to something else; false if that is not what it does. */
    private boolean become(long from, long to) {
        long now = state;
        while ((now & DOING) == from) {
            if (STATE.compareAndSet(this, now, now - from + to)) {
                return true;
            }
            now = state;
        }
        return false;
    }

    /** Lane: the handler is over, whatever came of it. */
    void finish() {
        if (!isRunning()) {
            return;
        }
        while (!become(RUNS, NOTHING) && !become(FAILED, NOTHING) && (state & DOING) != NOTHING) {
            if (become(INTERRUPTED, NOTHING)) {
                break;
            }
            Thread.onSpinWait(); // the watch has decided to interrupt and is about to do it, which takes a moment
        }
        boolean unused = Thread.interrupted(); // so does what it got
    }

    /**
     * Hands the event of the present run to its handler once more, with its whole time; from within {@code failed}.
     *
     * @return false if the lane was closed
     */
    boolean again(UniversalEvent same) throws Throwable {
        if (!restart()) {
            return false;
        }
        Throwable failure = null;
        try {
            handler.handle(same, true);
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (!become(RUNS, FAILED)) {
            finish(); // the gate goes on with this thread
            throw LimitException.timeout(
                    "a handler that got event " + same.type() + " again",
                    quarter.multipliedBy(QUARTERS).toString());
        }
        if (failure != null) {
            throw failure;
        }
        return true;
    }

    private boolean restart() {
        long now = state;
        while ((now & CLOSED) == 0) {
            long delivery = (now + DELIVERY) & DELIVERIES;
            if (STATE.compareAndSet(this, now, (now & -COUNT) | delivery | RUNS)) {
                return true;
            }
            now = state;
        }
        return false;
    }

    /** The lane has become active on the calling thread. */
    void begin() {
        runner = Thread.currentThread();
        watch();
    }

    /** The lane is about to rest. */
    void pause() {
        finish();
        runner = null;
    }

    private void watch() {
        if (!quarter.isZero() && !watching.get() && watching.compareAndSet(false, true)) {
            time.schedule(quarter, this::look);
        }
    }

    private void look() {
        long now = state & ~CLOSED;
        if ((now & DOING) == RUNS) {
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

    private @Nullable UniversalEvent atWork(long number) {
        UniversalEvent event = owner.current();
        VarHandle.loadLoadFence();
        return known == number ? event : null;
    }

    private void interrupt(long run) {
        UniversalEvent late = atWork(run >>> COUNT_SHIFT);
        Thread thread = runner;
        long interrupted = run - RUNS + BEING_INTERRUPTED;
        if (!STATE.compareAndSet(this, run, interrupted)
                && !STATE.compareAndSet(this, run | CLOSED, interrupted | CLOSED)) {
            return;
        }
        if (thread != null) {
            thread.interrupt();
        }
        become(BEING_INTERRUPTED, INTERRUPTED);
        if (late != null) {
            owner.overran(late);
        }
    }
}
