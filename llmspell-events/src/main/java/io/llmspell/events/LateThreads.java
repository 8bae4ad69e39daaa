package io.llmspell.events;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a bus, made with the first task: the first virtual thread of a process costs several milliseconds, and
 * most starts of a script need none.
 *
 * <p><b>Threads:</b> safe; the lock is held while the threads are made, never while a task runs.
 */
final class LateThreads implements Executor {
    private volatile @Nullable ExecutorService threads;
    private boolean closed;

    @Override
    public void execute(Runnable task) {
        ExecutorService made = threads;
        (made == null ? make() : made).execute(task);
    }

    private synchronized ExecutorService make() {
        if (closed) {
            throw new RejectedExecutionException("the bus is closed");
        }
        ExecutorService made = threads;
        if (made == null) {
            made = Threads.create();
            threads = made;
        }
        return made;
    }

    /** Takes no more tasks; those that run go on to their end. */
    synchronized void shutdown() {
        closed = true;
        ExecutorService made = threads;
        if (made != null) {
            made.shutdown();
        }
    }
}
