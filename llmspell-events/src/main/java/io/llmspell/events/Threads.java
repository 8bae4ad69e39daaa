package io.llmspell.events;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the threads of a bus: virtual ones where the JDK has them, else at most 64 daemons that come and go. */
final class Threads {
    private static final int MOST = 64;
    private static final long IDLE_SECONDS = 10;
    private static final @Nullable MethodHandle VIRTUAL = virtual();

    private Threads() {}

    private static @Nullable MethodHandle virtual() {
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
        } catch (NoSuchMethodException | IllegalAccessException older) {
            return null; // before 21
        }
    }

    static ExecutorService create() {
        if (VIRTUAL != null) {
            try {
                return (ExecutorService) VIRTUAL.invokeExact();
            } catch (Throwable unusable) {
                return elastic(); // 19 and 20 have the method, but refuse without preview
            }
        }
        return elastic();
    }

    static ExecutorService elastic() {
        return new ForkJoinPool(
                MOST, Threads::worker, null, true, 0, MOST, 1, pool -> true, IDLE_SECONDS, TimeUnit.SECONDS);
    }

    private static ForkJoinWorkerThread worker(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setName("llmspell-events-" + thread.getPoolIndex());
        thread.setDaemon(true);
        return thread;
    }
}
