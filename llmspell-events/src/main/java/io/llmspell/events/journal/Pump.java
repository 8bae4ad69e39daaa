package io.llmspell.events.journal;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs one piece of work again whenever it was woken, never twice at a time.
 *
 * <p><b>Threads:</b> safe.
 */
final class Pump {
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int AGAIN = 2;

    private final Runnable work;
    private final Executor executor;
    private final AtomicInteger state = new AtomicInteger(IDLE);

    /**
     * A pump at rest.
     *
     * @param work must not throw
     * @param executor runs it
     */
    Pump(Runnable work, Executor executor) {
        this.work = work;
        this.executor = executor;
    }

    /** Has the work run after this; false if the executor takes nothing any more and the work is not running. */
    boolean wake() {
        while (true) {
            int present = state.get();
            if (present == AGAIN || (present == RUNNING && state.compareAndSet(RUNNING, AGAIN))) {
                return true;
            }
            if (present == IDLE && state.compareAndSet(IDLE, RUNNING)) {
                return started();
            }
        }
    }

    private boolean started() {
        try {
            executor.execute(this::run);
            return true;
        } catch (RejectedExecutionException closed) {
            state.set(IDLE);
            return false;
        }
    }

    private void run() {
        do {
            state.set(RUNNING);
            work.run();
        } while (!state.compareAndSet(RUNNING, IDLE));
    }
}
