package io.llmspell.hooks;

import io.llmspell.core.hook.HookResult;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a hook on a thread of its own; {@link #abandon} or cancelling it interrupts the thread and waits no
 * longer.
 *
 * <p><b>Threads:</b> safe.
 */
final class IsolatedRun extends CompletableFuture<HookResult> implements Runnable {
    private final IsolatedThreads threads;
    private final Callable<@Nullable HookResult> work;
    private final Executor resume;

    // Guarded by this.
    private @Nullable Thread thread;
    private boolean ended;
    private boolean abandoned;

    IsolatedRun(IsolatedThreads threads, Callable<@Nullable HookResult> work, Executor resume) {
        this.threads = threads;
        this.work = work;
        this.resume = resume;
    }

    @Override
    public void run() {
        synchronized (this) {
            if (abandoned) { // before it began
                ended = true;
                threads.freed(true);
                return;
            }
            thread = Thread.currentThread();
        }
        HookResult result = null;
        Throwable failure = null;
        try {
            result = work.call();
        } catch (Throwable thrown) { // errors too: the hook must not take the thread with it
            failure = thrown;
        }
        if (end()) {
            settle(result, failure);
        }
    }

    /** Gives the thread back before anybody hears of the result, so that a caller's next run finds it free. */
    private boolean end() {
        boolean wanted;
        synchronized (this) {
            wanted = !abandoned;
            ended = true;
            thread = null;
            if (abandoned) {
                boolean unused = Thread.interrupted();
            }
        }
        threads.freed(!wanted);
        return wanted;
    }

    private void settle(@Nullable HookResult result, @Nullable Throwable failure) {
        resume.execute(() -> {
            if (failure != null) {
                completeExceptionally(failure);
            } else {
                complete(result);
            }
        });
    }

    /**
     * Waits no longer: the thread is interrupted and counts as abandoned until the hook really ends.
     *
     * @param why what the future ends with
     * @return false if the hook had ended
     */
    boolean abandon(Throwable why) {
        return leave() && completeExceptionally(why);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        return leave() && super.cancel(mayInterrupt);
    }

    private synchronized boolean leave() {
        if (ended || abandoned) {
            return false;
        }
        abandoned = true;
        threads.abandoned();
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        return true;
    }
}
