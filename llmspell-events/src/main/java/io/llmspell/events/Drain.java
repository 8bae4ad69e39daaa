package io.llmspell.events;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the work of one subscription on an executor, at most one task at a time.
 *
 * <p><b>Threads:</b> safe. Whoever brings work makes it visible first and then calls {@link #wake}; the task, when it
 * rests, clears its state first and then looks for work again: so no work is left lying.
 */
final class Drain implements Runnable {
    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;
    private static final int ACTIVE = 2;

    /** After so many steps the task goes to the end of the line, so that busy subscriptions share few threads. */
    private static final int STEPS = 1024;

    /** What is to be done. */
    interface Work {
        boolean ready();

        /** Called before the task takes up work. */
        default void began() {}

        /** Does one piece; must not throw. */
        void step();

        /** Called when the task has come to rest. */
        void rested();
    }

    private final Work work;
    private final Executor executor;
    private final AtomicInteger state = new AtomicInteger(IDLE);

    Drain(Work work, Executor executor) {
        this.work = work;
        this.executor = executor;
    }

    boolean isIdle() {
        return state.get() == IDLE;
    }

    boolean isActive() {
        return state.get() == ACTIVE;
    }

    void wake() {
        if (state.get() == IDLE && state.compareAndSet(IDLE, SCHEDULED)) {
            start();
        }
    }

    /** Takes a task back that has not begun, because its work has gone; calls {@code rested} if nothing runs. */
    void settle() {
        state.compareAndSet(SCHEDULED, IDLE);
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
        if (!state.compareAndSet(SCHEDULED, ACTIVE)) {
            return;
        }
        int steps = 0;
        do {
            work.began();
            while (work.ready()) {
                if (steps++ == STEPS) {
                    state.set(SCHEDULED);
                    start();
                    return;
                }
                work.step();
            }
            state.set(IDLE);
        } while (work.ready() && state.compareAndSet(IDLE, ACTIVE));
        work.rested();
    }
}
