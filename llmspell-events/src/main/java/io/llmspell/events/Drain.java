package io.llmspell.events;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs the work of one subscription on an executor, at most one task at a time.
 *
 * <p><b>Threads:</b> safe. Whoever brings work makes it visible first and then calls {@link #wake}; the task, when it
 * rests, clears its state first and then looks for work again: so no work is left lying.
 */
final class Drain extends Padding implements Runnable {
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Drain.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;
    private static final int ACTIVE = 2;

    /** After so many steps the task goes to the end of the line, so that busy subscriptions share few threads. */
    private static final int STEPS = 1024;

    /** What is to be done. */
    interface Work {
        boolean ready();

        /**
         * The same when the task has come to rest: then what was brought by those who saw it at work must be seen, which
         * a look at what they write without a fence needs a common lock for.
         */
        default boolean readyAtRest() {
            return ready();
        }

        /** Called before the task takes up work, on its thread. */
        default void began() {}

        /** Called before the task rests or goes to the end of the line, on the same thread. */
        default void paused() {}

        /** Does one piece; must not throw. */
        void step();

        /** Called when the task has come to rest. */
        void rested();
    }

    private final Work work;
    private final Executor executor;
    private volatile int state = IDLE;

    Drain(Work work, Executor executor) {
        this.work = work;
        this.executor = executor;
    }

    boolean isIdle() {
        return state == IDLE;
    }

    boolean isActive() {
        return state == ACTIVE;
    }

    void wake() {
        if (state == IDLE && STATE.compareAndSet(this, IDLE, SCHEDULED)) {
            start();
        }
    }

    /** Takes a task back that has not begun, because its work has gone; calls {@code rested} if nothing runs. */
    void settle() {
        STATE.compareAndSet(this, SCHEDULED, IDLE);
        if (isIdle()) {
            work.rested();
        }
    }

    private void start() {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException closed) {
            run(); // the bus has closed: what is left is to end streams, which must not be lost
        }
    }

    @Override
    public void run() {
        if (!STATE.compareAndSet(this, SCHEDULED, ACTIVE)) {
            return;
        }
        int steps = 0;
        do {
            work.began();
            while (work.ready()) {
                if (steps++ == STEPS) {
                    work.paused();
                    state = SCHEDULED;
                    start();
                    return;
                }
                work.step();
            }
            work.paused();
            state = IDLE;
        } while (work.readyAtRest() && STATE.compareAndSet(this, IDLE, ACTIVE));
        work.rested();
    }
}
