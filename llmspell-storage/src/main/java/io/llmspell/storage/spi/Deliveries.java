package io.llmspell.storage.spi;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;

/**
 * Tells the subscribers of asynchronous commits, on Reactor's bounded elastic threads: one task for many of them, because
 * a task for each costs more than its commit.
 *
 * <p>A subscriber may block, even until another commit has been told. So whoever delivers while more is waiting has a
 * second task called, which goes on in its place; and that one a third. What waits is bounded by the commits that may
 * wait.
 *
 * <p><b>Threads:</b> safe.
 */
final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** Whether a task is called that has not begun; it looks at the queue after it has cleared this. */
    private final AtomicBoolean called = new AtomicBoolean();

    /** Has the deliveries done; returns at once. */
    void add(List<Runnable> deliveries) {
        waiting.addAll(deliveries);
        call();
    }

    private void call() {
        if (!waiting.isEmpty() && called.compareAndSet(false, true)) {
            try {
                Schedulers.boundedElastic().schedule(this::deliver);
            } catch (RejectedExecutionException e) {
                called.set(false);
                LOG.error("commits are done whose subscribers cannot be told: Reactor takes no task", e);
            }
        }
    }

    private void deliver() {
        called.set(false);
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            call();
            try {
                next.run();
            } catch (RuntimeException | Error fault) {
                call();
                throw fault; // to Reactor's handler, as from any task
            }
        }
    }
}
