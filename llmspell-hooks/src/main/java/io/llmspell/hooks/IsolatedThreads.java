package io.llmspell.hooks;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookResult;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which isolated hooks run: few, made when needed, gone when idle. Platform threads always, because a
 * hook that cannot be stopped would hold a carrier of virtual threads for good.
 *
 * <p><b>Threads:</b> safe.
 */
final class IsolatedThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;

    private final int most;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final ThreadPoolExecutor pool;

    /**
     * Makes the threads' owner; no thread is started yet.
     *
     * @param most how many threads there may be
     */
    IsolatedThreads(int most) {
        this(most, IsolatedThreads::thread);
    }

    /**
     * Makes the threads' owner; no thread is started yet.
     *
     * @param most how many threads there may be
     * @param factory makes the threads
     */
    IsolatedThreads(int most, ThreadFactory factory) {
        this.most = most;
        // No more tasks than threads are let in, so the queue holds those only whose thread is just coming back.
        this.pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(most), factory);
        pool.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "llmspell-isolated-hook");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Runs a hook.
     *
     * @param hook its name
     * @param work what to run
     * @param resume where the future completes; {@code Runnable::run} only if nothing but a waiting thread hangs on it
     * @return the running hook
     * @throws HookException {@code hook_unavailable} if no thread is free
     */
    IsolatedRun run(String hook, Callable<@Nullable HookResult> work, Executor resume) {
        if (running.getAndUpdate(count -> count < most ? count + 1 : count) >= most) {
            throw full(hook);
        }
        IsolatedRun run = new IsolatedRun(this, work, resume);
        try {
            pool.execute(CarriedContext.over(run));
        } catch (RejectedExecutionException closed) {
            running.decrementAndGet();
            throw unavailable(hook, "the hooks are closed", closed);
        } catch (Throwable noThread) { // the machine gives no thread: an OutOfMemoryError that harms nobody else
            boolean unused = pool.remove(run);
            running.decrementAndGet();
            throw unavailable(hook, "no thread could be started: " + noThread, noThread);
        }
        return run;
    }

    private HookException full(String hook) {
        int stuck = abandoned.get();
        return unavailable(
                hook,
                "all " + most + " threads for isolated hooks are busy, " + stuck
                        + " of them stuck in hooks that were late and do not end",
                null);
    }

    private static HookException unavailable(String hook, String why, @Nullable Throwable cause) {
        return new HookException(
                ErrorCode.HOOK_UNAVAILABLE,
                "hook \"" + hook + "\" could not start: " + why,
                Map.of("hook", hook),
                cause);
    }

    /** Called by a run whose hook has ended. */
    void freed(boolean wasAbandoned) {
        if (wasAbandoned) {
            abandoned.decrementAndGet();
        }
        running.decrementAndGet();
    }

    /** Called by a run that nobody waits for any longer. */
    void abandoned() {
        abandoned.incrementAndGet();
    }

    /** How many threads run a hook, stuck ones included. */
    int running() {
        return running.get();
    }

    /** How many threads are stuck in hooks that nobody waits for. */
    int stuck() {
        return abandoned.get();
    }

    /** Interrupts the hooks that run and refuses others; what does not end dies with the process. */
    @Override
    public void close() {
        for (Runnable queued : pool.shutdownNow()) {
            if (queued instanceof IsolatedRun run) {
                boolean unused = run.cancel(false);
                run.run(); // given up before it began: this only books it
            }
        }
    }
}
