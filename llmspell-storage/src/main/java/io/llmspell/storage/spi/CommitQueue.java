package io.llmspell.storage.spi;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Puts the commits of a store into one order and writes neighbours as one group.
 *
 * <p>Leader and followers: a caller who finds nobody leading leads on its own thread and takes along what has queued;
 * the others park until their batch is done or the lead is free. So one writer alone pays no hand-off, and many writers
 * share one sync.
 *
 * <pre>
 * Invariants
 *  - leader is the only thread that takes from the queue, calls the committer, listeners and actions.
 *  - Items leave the queue in the order in which they came; outcomes, listeners and acknowledgements keep that order.
 *  - Nobody parks while the queue holds its item and no leader is in office: whoever gives up the lead looks at the
 *    queue again and wakes the head; whoever adds an item tries for the lead after adding it.
 *  - An item that waits blocks its thread (so their number is bounded by the threads) or counts against maxAsync.
 * Foreign code: listeners run on the leader, without a monitor; a commit out of a listener is refused. Subscribers of
 * asynchronous commits run on Reactor's bounded elastic threads.
 * Interrupts: held back from submission to the end and restored, because an interrupted leader would harm its followers.
 * </pre>
 *
 * <p><b>Threads:</b> safe.
 */
public final class CommitQueue implements Handle {
    private static final Logger LOG = LoggerFactory.getLogger(CommitQueue.class);
    private static final int MAX_GROUP = 1_024;
    private static final long MAX_GROUP_BYTES = 8L << 20;
    private static final int MAX_ASYNC = 16_384;

    private final Committer committer;
    private final Queue<QueueItem> queue = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Thread> leader = new AtomicReference<>();
    private final AtomicInteger waitingAsync = new AtomicInteger();
    private final AtomicBoolean helperCalled = new AtomicBoolean();
    private final ThreadPoolExecutor helper;
    private final Gathering gathering;
    private final Deliveries deliveries = new Deliveries();

    /**
     * Makes a queue whose leader never waits for more writers; no thread is started before the first asynchronous commit.
     *
     * @param committer what decides and writes
     */
    public CommitQueue(Committer committer) {
        this(committer, null);
    }

    /**
     * Makes a queue whose leader waits for writers who are expected back, if a durable group takes long: at most a quarter
     * of the time that it takes. No thread is started before the first asynchronous commit.
     *
     * @param committer what decides and writes
     * @param time measures the groups, or null for never waiting
     */
    public CommitQueue(Committer committer, @Nullable TimeSource time) {
        this.committer = committer;
        gathering = new Gathering(time, MAX_GROUP);
        helper = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), CommitQueue::thread);
        helper.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "llmspell-commit");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Commits a batch and waits for it.
     *
     * @param batch the batch
     * @return its outcome
     * @throws InvalidStateException {@code invalid_state} if a commit listener calls it
     */
    public Commit commit(Batch batch) {
        return enqueue(batch).get();
    }

    /**
     * Puts a batch into the queue; its thread must then {@link Supplier#get wait} for the outcome.
     *
     * @param batch the batch
     * @return what waits for the outcome, once, on the same thread
     * @throws InvalidStateException {@code invalid_state} if a commit listener calls it
     */
    public Supplier<Commit> enqueue(Batch batch) {
        refuseLeader();
        QueueItem.Pending item = new QueueItem.Pending(batch, Thread.currentThread(), null, () -> {});
        queue.add(item);
        gathering.added();
        return () -> {
            await(item);
            return item.outcome();
        };
    }

    /**
     * Commits a batch without waiting; it is queued at once, not on subscription.
     *
     * @param batch the batch
     * @param sink told of the outcome
     */
    private void enqueueAsync(Batch batch, MonoSink<Commit> sink) {
        if (waitingAsync.incrementAndGet() > MAX_ASYNC) {
            waitingAsync.decrementAndGet();
            sink.error(LimitException.exceeded(
                    "storage.max_async_commits",
                    Integer.toString(MAX_ASYNC),
                    "too many commits wait to be written; subscribe to fewer at a time"));
            return;
        }
        QueueItem.Pending item = new QueueItem.Pending(batch, null, sink, waitingAsync::decrementAndGet);
        queue.add(item);
        if (leader.get() == null) {
            callHelper();
        }
    }

    /**
     * Commits a batch without blocking.
     *
     * @param admission runs around the queueing, on subscription; a refusal becomes the error of the element
     * @param batch the batch
     * @return the outcome, delivered on a bounded elastic thread, a refusal at once on the subscribing one; a cancelled
     *     subscription does not stop the commit
     */
    public Mono<Commit> commitAsync(Admission admission, Batch batch) {
        return Mono.create(sink -> admission.run(() -> enqueueAsync(batch, sink)));
    }

    /** Lets a task in or refuses it; a {@link HandleGate} is one. */
    @FunctionalInterface
    public interface Admission {
        /**
         * Runs the task, or throws.
         *
         * @param task the task
         */
        void run(Runnable task);
    }

    /**
     * Runs an action between two groups: all commits that were queued before it are done, none that comes later has
     * begun.
     *
     * @param action the action; must not commit
     * @param <T> what it gives
     * @return what the action gave
     * @throws InvalidStateException {@code invalid_state} if a commit listener calls it
     */
    public <T> T exclusive(Supplier<T> action) {
        refuseLeader();
        QueueItem.Action<T> item = new QueueItem.Action<>(action, Thread.currentThread());
        queue.add(item);
        await(item);
        return item.result();
    }

    /**
     * Runs an action between two groups, later, on the thread of a committing caller or of the queue.
     *
     * @param action the action; must neither commit nor throw, what it throws is logged
     */
    public void later(Runnable action) {
        queue.add(new QueueItem.Action<>(
                () -> {
                    runLogged(action);
                    return true;
                },
                null));
        if (leader.get() == null) {
            callHelper();
        }
    }

    private static void runLogged(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException fault) {
            LOG.error("an action of the store failed", LogText.maskedError(fault));
        }
    }

    /**
     * Whether the calling thread is writing a group just now, so that it must not wait for the queue.
     *
     * @return true in a commit listener and in an action
     */
    public boolean isLeader() {
        return leader.get() == Thread.currentThread();
    }

    /** Lets the helper thread end; the caller has refused new work and has waited for the old. */
    @Override
    public void close() {
        helper.shutdown();
    }

    private void refuseLeader() {
        if (isLeader()) {
            throw new InvalidStateException(
                    "a commit listener may only enqueue, but it waits for the store; do that on another thread");
        }
    }

    private void await(QueueItem item) {
        boolean interrupted = Thread.interrupted();
        while (!item.done) {
            if (leader.compareAndSet(null, Thread.currentThread())) {
                lead(item);
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes groups until the item is done, or until the queue is empty if there is none; then gives up the lead. */
    private void lead(@Nullable QueueItem own) {
        try {
            while (own != null ? !own.done : !queue.isEmpty()) {
                step();
            }
        } finally {
            leader.set(null);
            QueueItem head = queue.peek();
            if (head != null) {
                wake(head);
            }
        }
    }

    private void step() {
        if (queue.peek() instanceof QueueItem.Action<?> action) {
            queue.remove();
            action.run();
            action.finish();
            return;
        }
        if (queue.peek() instanceof QueueItem.Pending head && head.batch.mode() == WriteMode.DURABLE) {
            gathering.await();
        }
        List<QueueItem.Pending> group = new ArrayList<>();
        long bytes = 0;
        while (group.size() < MAX_GROUP && bytes < MAX_GROUP_BYTES && queue.peek() instanceof QueueItem.Pending next) {
            group.add(next);
            queue.remove();
            bytes += next.bytes();
        }
        if (!group.isEmpty()) {
            write(group);
        }
    }

    private void write(List<QueueItem.Pending> group) {
        int waiters = waiters(group);
        gathering.taken(waiters);
        try {
            long began = gathering.now();
            List<Commit> outcomes = committer.commit(batches(group));
            gathering.ended(waiters, began);
            for (int i = 0; i < group.size(); i++) {
                group.get(i).succeed(outcomes.get(i));
            }
        } catch (Throwable fault) {
            // Every follower must be released, whatever went wrong.
            LlmSpellException error = InternalException.coded("the commit of a batch", fault);
            group.stream().filter(item -> !item.done).forEach(item -> item.fail(error));
        }
        deliver(group);
    }

    private void deliver(List<QueueItem.Pending> group) {
        List<Runnable> ready = new ArrayList<>();
        for (QueueItem.Pending item : group) {
            Runnable delivery = item.delivery();
            if (delivery != null) {
                ready.add(delivery);
            }
        }
        if (!ready.isEmpty()) {
            deliveries.add(ready);
        }
    }

    private static int waiters(List<QueueItem.Pending> group) {
        int waiters = 0;
        for (QueueItem.Pending item : group) {
            waiters += item.waiter == null ? 0 : 1;
        }
        return waiters;
    }

    private static List<Batch> batches(List<QueueItem.Pending> group) {
        List<Batch> batches = new ArrayList<>(group.size());
        for (QueueItem.Pending item : group) {
            batches.add(item.batch);
        }
        return batches;
    }

    private void wake(QueueItem item) {
        if (item.waiter != null) {
            LockSupport.unpark(item.waiter);
        } else {
            callHelper();
        }
    }

    private void callHelper() {
        if (helperCalled.compareAndSet(false, true)) {
            helper.execute(this::help);
        }
    }

    private void help() {
        helperCalled.set(false);
        if (leader.compareAndSet(null, Thread.currentThread())) {
            lead(null);
        }
    }
}
