package io.llmspell.bridge.lua;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Confines an engine to one thread at a time.
 *
 * <p>An idle engine is adopted by the thread that calls (compare-and-set on {@code owner}); a busy one queues the call,
 * and whoever leaves looks at the queue again, so no call is left behind. An owner that waits serves the queue: at top
 * level all of it, inside a callback only calls of the same run, which its own wait may depend on.
 *
 * <p>Fields: {@code owner} is an atomic; {@code queue} and {@code closed} are guarded by {@code lock}, which is never
 * held while a task runs; {@code halted} is volatile; {@code scripted}, {@code depth}, {@code run} and {@code limit}
 * belong to the owner, and are handed on by the compare-and-set.
 */
final class LuaOwner implements Awaiter {
    private static final int LONGEST_QUEUE = 10_000;

    private final TimeSource time;
    private final Awaiter blocking;
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();
    private final Object lock = new Object();
    private final Deque<Task<?>> queue = new ArrayDeque<>();
    private boolean closed;
    /** Set when the running script must end, so that its waits end too. */
    private volatile boolean halted;

    /** Whether a script runs, and not only a callback of one that has ended. */
    private boolean scripted;

    private int depth;
    /** When the callback that runs must end; its waits end then too. */
    private long limit = NO_DEADLINE;

    private @Nullable CorrelationId run;

    LuaOwner(TimeSource time) {
        this.time = time;
        this.blocking = Awaiter.blocking(time);
    }

    boolean isOwner() {
        return owner.get() == Thread.currentThread();
    }

    boolean tryEnter() {
        return owner.compareAndSet(null, Thread.currentThread());
    }

    /** Begins a run; what halted the one before is over. */
    void begin(String what) {
        synchronized (lock) {
            if (closed) {
                throw ScriptException.closed(what);
            }
            halted = false;
        }
        scripted = true;
    }

    /** Ends a run; what is called later is called by the host alone. */
    void end() {
        scripted = false;
    }

    /** Whether the call that runs now was made by the host alone, after the script. For the owner. */
    boolean isOutermost() {
        return !scripted && depth == 1;
    }

    /** Lets go of the engine, and serves what was queued meanwhile unless another thread took over. */
    void leave() {
        owner.set(null);
        while (hasQueued() && tryEnter()) {
            try {
                serveAll();
            } finally {
                owner.set(null);
            }
        }
    }

    private boolean hasQueued() {
        synchronized (lock) {
            return !queue.isEmpty();
        }
    }

    /** Runs work on the engine: here if the engine is idle or already ours, else on its owner. */
    <T extends @Nullable Object> T call(CorrelationId correlation, Duration wait, String what, Supplier<T> work) {
        if (isOwner()) {
            return nested(correlation, work);
        }
        if (tryEnter()) {
            try {
                throwIfClosed(what);
                return nested(correlation, work);
            } finally {
                leave();
            }
        }
        return result(enqueue(correlation, what, work), wait, what);
    }

    /** Queues work for the engine's owner; adopts the engine if it is idle. */
    <T extends @Nullable Object> CompletionStage<T> post(CorrelationId correlation, String what, Supplier<T> work) {
        return enqueue(correlation, what, work).result;
    }

    private void throwIfClosed(String what) {
        synchronized (lock) {
            if (closed) {
                throw ScriptException.closed(what);
            }
        }
    }

    private <T extends @Nullable Object> Task<T> enqueue(CorrelationId correlation, String what, Supplier<T> work) {
        Task<T> task = new Task<>(correlation, work);
        synchronized (lock) {
            if (closed) {
                throw ScriptException.closed(what);
            }
            if (queue.size() >= LONGEST_QUEUE) {
                throw LimitException.exceeded(
                        "scripts.limits.max_queued_callbacks",
                        String.valueOf(LONGEST_QUEUE),
                        "the script is too busy to take another call of " + what);
            }
            queue.add(task);
        }
        Thread present = owner.get();
        if (present == null && tryEnter()) {
            leave(); // serves the queue on the way out
        } else {
            LockSupport.unpark(present);
        }
        return task;
    }

    private <T extends @Nullable Object> T result(Task<T> task, Duration wait, String what) {
        try {
            return blocking.await(task.result, time.nanos() + wait.toNanos(), Cancellation.none());
        } catch (LimitException late) {
            if (task.state.compareAndSet(Task.QUEUED, Task.DROPPED)) {
                forget(task);
                throw LimitException.timeout(
                        what + " could not start because its script was busy; the call", wait.toMillis() + " ms");
            }
            return blocking.await(task.result, NO_DEADLINE, Cancellation.none()); // it runs and has a limit
        }
    }

    private void forget(Task<?> task) {
        synchronized (lock) {
            queue.remove(task);
        }
    }

    private <T extends @Nullable Object> T nested(CorrelationId correlation, Supplier<T> work) {
        CorrelationId outer = run;
        depth++;
        run = correlation;
        try {
            return work.get();
        } finally {
            depth--;
            run = outer;
        }
    }

    @Override
    public <T extends @Nullable Object> T await(CompletionStage<T> stage, long deadlineNanos, Cancellation token) {
        if (!isOwner()) {
            return blocking.await(stage, deadlineNanos, token);
        }
        CompletableFuture<T> future = stage.toCompletableFuture();
        long end = earlier(deadlineNanos, limit);
        serveUntil(future::isDone, end, token, waker -> stage.whenComplete((value, error) -> waker.run()));
        if (future.isDone()) {
            return blocking.await(future, NO_DEADLINE, Cancellation.none());
        }
        if (halted || token.isCancelled()) {
            throw new CancelledException("a wait of the script");
        }
        throw LimitException.timeout("a wait of the script", "its deadline");
    }

    private static long earlier(long one, long other) {
        if (one == NO_DEADLINE || other == NO_DEADLINE) {
            return one == NO_DEADLINE ? other : one;
        }
        return one - other <= 0 ? one : other;
    }

    /** Bounds the waits of a callback; gives the bound before it, for {@link #unlimit}. For the owner. */
    long limit(long deadlineNanos) {
        long outer = limit;
        limit = earlier(outer, deadlineNanos);
        return outer;
    }

    /** Puts the bound back that {@link #limit} gave. For the owner. */
    void unlimit(long outer) {
        limit = outer;
    }

    /** Ends the waits of the running script; safe from any thread. */
    void halt() {
        halted = true;
        LockSupport.unpark(owner.get());
    }

    /** Serves the queue while there may be more to come. */
    void serveWhile(BooleanSupplier busy, long deadlineNanos) {
        serveAll();
        while (!halted && busy.getAsBoolean() && deadlineNanos - time.nanos() > 0) {
            serveUntil(
                    () -> hasQueued() || !busy.getAsBoolean(), soon(deadlineNanos), Cancellation.none(), waker -> {});
            serveAll();
        }
    }

    /** The bus does not say when a handler has nothing left; looking again every 5 ms is enough at the end of a run. */
    private long soon(long deadlineNanos) {
        return Math.min(deadlineNanos, time.nanos() + Duration.ofMillis(5).toNanos());
    }

    private void serveUntil(BooleanSupplier done, long deadlineNanos, Cancellation token, Consumer<Runnable> wake) {
        Thread self = Thread.currentThread();
        Runnable waker = () -> LockSupport.unpark(self);
        wake.accept(waker);
        Handle cancel = token.onCancel(waker);
        Handle timer = timer(deadlineNanos, waker);
        try {
            while (!done.getAsBoolean() && !halted && !token.isCancelled() && !isOver(deadlineNanos)) {
                if (!serveOne() && !done.getAsBoolean()) {
                    LockSupport.park(this);
                    throwIfInterrupted();
                }
            }
        } finally {
            timer.close();
            cancel.close();
        }
    }

    private static void throwIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("a wait of the script");
        }
    }

    private boolean isOver(long deadlineNanos) {
        return deadlineNanos != NO_DEADLINE && deadlineNanos - time.nanos() <= 0;
    }

    private Handle timer(long deadlineNanos, Runnable waker) {
        if (deadlineNanos == NO_DEADLINE) {
            return Handle.noop();
        }
        return time.schedule(Duration.ofNanos(Math.max(0, deadlineNanos - time.nanos())), waker);
    }

    private void serveAll() {
        while (serveOne()) {
            // each call serves one task
        }
    }

    private boolean serveOne() {
        Task<?> task = next();
        if (task == null) {
            return false;
        }
        if (task.state.compareAndSet(Task.QUEUED, Task.STARTED)) {
            task.finish(this);
        }
        return true;
    }

    private @Nullable Task<?> next() {
        CorrelationId inside = depth > 0 ? run : null;
        synchronized (lock) {
            for (Iterator<Task<?>> each = queue.iterator(); each.hasNext(); ) {
                Task<?> task = each.next();
                if (inside == null || task.correlation.equals(inside)) {
                    each.remove();
                    return task;
                }
            }
        }
        return null;
    }

    /** Refuses what is queued and what comes later; idempotent. */
    void close() {
        List<Task<?>> left;
        synchronized (lock) {
            closed = true;
            left = new ArrayList<>(queue);
            queue.clear();
        }
        ScriptException gone = new ScriptException(
                ErrorCode.ENGINE_CLOSED, "the script has ended before it served the call", Map.of(), List.of(), null);
        left.forEach(task -> task.result.completeExceptionally(gone));
        halt();
    }

    /** One queued call. */
    private static final class Task<T extends @Nullable Object> {
        static final int QUEUED = 0;
        static final int STARTED = 1;
        static final int DROPPED = 2;

        final CorrelationId correlation;
        final Supplier<T> work;
        final CompletableFuture<T> result = new CompletableFuture<>();
        final AtomicInteger state = new AtomicInteger(QUEUED);

        Task(CorrelationId correlation, Supplier<T> work) {
            this.correlation = correlation;
            this.work = work;
        }

        /** Completes the result; an error of the machine itself goes on to the owner. */
        void finish(LuaOwner owner) {
            try {
                result.complete(owner.nested(correlation, work));
            } catch (RuntimeException failed) {
                result.completeExceptionally(failed);
            } catch (Error fatal) {
                result.completeExceptionally(fatal);
                throw fatal;
            }
        }
    }
}
