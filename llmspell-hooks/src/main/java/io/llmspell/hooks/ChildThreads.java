package io.llmspell.hooks;

import io.llmspell.core.concurrent.Lazy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;

/** The threads on which children of parallel composites run: virtual ones where the JDK has them. */
final class ChildThreads {
    private ChildThreads() {}

    /** An executor that is made with its first task: most runtimes never have one, and Reactor's threads load much. */
    static Executor lazy() {
        Lazy<Executor> made = new Lazy<>(ChildThreads::create);
        return task -> made.get().execute(task);
    }

    /** Makes the executor; virtual threads on 21 and later, Reactor's bounded elastic ones before. */
    private static Executor create() {
        try {
            return (Executor) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(java.util.concurrent.ExecutorService.class))
                    .invoke();
        } catch (Throwable before21) {
            LoggerFactory.getLogger(ChildThreads.class).debug("no virtual threads, using bounded elastic ones");
            return Schedulers.boundedElastic()::schedule;
        }
    }
}
