package io.llmspell.core.time;

import io.llmspell.core.concurrent.Handle;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The time of the machine, with one daemon thread for timers that starts with the first timer.
 *
 * <p><b>Threads:</b> safe. After {@link #close()} timers no longer run; the clock goes on.
 */
public final class SystemTimeSource implements TimeSource, Handle {
    /** A century: longer delays do not fit the executor's arithmetic and end with the process anyway. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private final ScheduledThreadPoolExecutor timers;

    private volatile @Nullable Thread thread;

    /** Makes a time source; no thread is started yet. */
    public SystemTimeSource() {
        timers = new ScheduledThreadPoolExecutor(1, this::thread);
        timers.setRemoveOnCancelPolicy(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private Thread thread(Runnable task) {
        Thread made = new Thread(task, "llmspell-timer");
        made.setDaemon(true);
        thread = made;
        return made;
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public Handle schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> future = timers.schedule(() -> guarded(task), nanos(delay), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return Handle.noop(); // closing ends all timers, those that come too late as well
        }
    }

    @Override
    public boolean isTimerThread() {
        return Thread.currentThread() == thread;
    }

    private static long nanos(Duration delay) {
        if (delay.isNegative()) {
            return 0;
        }
        return delay.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : delay.toNanos();
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LoggerFactory.getLogger(SystemTimeSource.class).warn("a timer task failed", e);
        }
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
