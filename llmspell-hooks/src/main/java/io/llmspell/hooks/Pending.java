package io.llmspell.hooks;

import io.llmspell.core.concurrent.Handle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of a hook whose result is a future; closed by whoever waits for it no longer.
 *
 * <p><b>Threads:</b> safe; either {@link #close} or the deadline takes the task.
 */
final class Pending implements Handle {
    private static final VarHandle LATE;

    static {
        try {
            LATE = MethodHandles.lookup().findVarHandle(Pending.class, "late", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CompletableFuture<?> future;
    private final long deadline;
    private final long allowed;
    private final Watchdog.Look before;

    /** Whether the task runs on the watchdog's own thread. */
    private final boolean here;

    /** Null once taken. */
    private volatile @Nullable Runnable late;

    /** The one that was registered before; for the watchdog, which takes them all at once. */
    @Nullable Pending next;

    Pending(CompletableFuture<?> future, long deadline, Watchdog.Look before, boolean here, Runnable late) {
        this.future = future;
        this.deadline = deadline;
        this.allowed = deadline - before.now();
        this.before = before;
        this.here = here;
        this.late = late;
    }

    long registeredNanos() {
        return before.now();
    }

    @Override
    public void close() {
        late = null;
    }

    boolean over() {
        return late == null || future.isDone();
    }

    long left(Watchdog.Look look) {
        long excused = look.paused() - before.paused();
        long overexcused = Math.max(0, look.lagged() - before.lagged() - Math.max(0, allowed));
        return deadline + excused - overexcused - look.now();
    }

    void fire(Executor executor) {
        Runnable task = late;
        if (task == null || !LATE.compareAndSet(this, task, (Runnable) null)) {
            return;
        }
        if (here) {
            task.run();
            return;
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException full) { // late on the wrong thread is better than never
            task.run();
        }
    }
}
