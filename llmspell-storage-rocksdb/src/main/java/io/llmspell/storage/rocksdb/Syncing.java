package io.llmspell.storage.rocksdb;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which commits are synced, syncs buffered ones in time and moves the high-water mark.
 *
 * <p>Half a window after the first buffered commit (usually 50 ms) a thread of the store begins to sync, so that writers
 * go on meanwhile; if the window ends first, the next commit syncs itself, and its writer waits. So a power cut takes at
 * most a window and the sync under way. The mark moves every 1,000 commits, 1 s after a sync, at flush and at close.
 *
 * <pre>
 * All fields but synced belong to the leader of the commit queue; timers and the syncing thread only put actions into it.
 * At most one flight is under way. While it is, the syncing thread alone touches the mark; the leader does so only after
 * settle(), which waits for the flight. So the store must not be freed before flush() was called for the last time.
 * </pre>
 */
final class Syncing implements Handle {
    private static final Logger LOG = LoggerFactory.getLogger(Syncing.class);
    private static final Duration MARK_DELAY = Duration.ofSeconds(1);
    private static final long MARK_COMMITS = 1_000;

    private final NativeStore store;
    private final HighWater mark;
    private final TimeSource time;
    private final Consumer<Runnable> inQueue;
    private final Path folder;
    private final Duration window;
    private final ThreadPoolExecutor worker;
    private @Nullable Flight flight;
    private long written;
    private long marked;
    private volatile long synced;

    /** When the oldest commit that is not synced was written, and the oldest behind the flight. */
    private long firstUnsyncedNanos;

    private long firstBehindNanos;
    private boolean syncTimer;
    private boolean markTimer;
    private boolean markDue;

    Syncing(
            NativeStore store,
            HighWater mark,
            TimeSource time,
            Consumer<Runnable> inQueue,
            RocksDbStorage settings,
            long commit) {
        this.store = store;
        this.mark = mark;
        this.time = time;
        this.inQueue = inQueue;
        this.folder = settings.folder();
        this.window = settings.settings().syncWindow();
        this.written = commit;
        this.synced = commit;
        this.marked = mark.mark().commit();
        worker = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), Syncing::thread);
        worker.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "llmspell-sync");
        thread.setDaemon(true);
        return thread;
    }

    /** A sync under way, and with it the mark if that is due. */
    private final class Flight implements Runnable {
        final long commit;
        private final boolean marks;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean synced;
        private volatile boolean marked;

        Flight(long commit, boolean marks) {
            this.commit = commit;
            this.marks = marks;
        }

        @Override
        public void run() {
            try {
                // Before the sync, so that the mark remembers no log longer than a power cut leaves it.
                List<HighWater.Log> logs = marks ? mark.logs() : List.of();
                store.syncLog();
                synced = true;
                if (marks) {
                    mark.write(commit, logs);
                    marked = true;
                }
            } catch (IOException | StorageException e) {
                // What is overdue is synced by the next commit, which tells its writer; a mark is tried again in time.
                LOG.warn("{} could not be synced or marked: {}", folder, e.getMessage());
            } finally {
                ended.countDown();
                inQueue.accept(() -> land(this));
            }
        }

        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    ended.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The newest commit that is on the disk; for anybody. */
    long synced() {
        return synced;
    }

    /** Whether buffered commits have waited so long that the next write must sync them. */
    boolean overdue() {
        return synced < written && time.nanos() - firstUnsyncedNanos >= window.toNanos();
    }

    void wrote(long commit, boolean sync) {
        if (sync) {
            written = commit;
            syncedUpTo(commit);
            return;
        }
        if (synced == written) {
            firstUnsyncedNanos = time.nanos();
            scheduleSync(window.dividedBy(2));
        } else if (flight != null && flight.commit == written) {
            firstBehindNanos = time.nanos();
        }
        written = commit;
    }

    private void scheduleSync(Duration delay) {
        if (!syncTimer) {
            syncTimer = true;
            time.schedule(delay, () -> inQueue.accept(this::lateSync));
        }
    }

    private void lateSync() {
        syncTimer = false;
        if (synced < written && flight == null) {
            if (untilSync().isZero()) {
                fly();
            } else {
                scheduleSync(untilSync());
            }
        }
    }

    private Duration untilSync() {
        Duration left = window.dividedBy(2).minusNanos(time.nanos() - firstUnsyncedNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void fly() {
        boolean marks = markDue || written - marked >= MARK_COMMITS;
        markDue = false;
        Flight next = new Flight(written, marks);
        flight = next;
        worker.execute(next);
    }

    private void land(Flight ended) {
        if (flight != ended) {
            return; // somebody has waited for it
        }
        flight = null;
        marked = ended.marked ? ended.commit : marked;
        if (ended.synced && ended.commit > synced) {
            firstUnsyncedNanos = firstBehindNanos;
            synced = ended.commit;
        }
        if (markDue) {
            lateMark();
        }
        scheduleMark();
        if (ended.synced && synced < written && flight == null) {
            scheduleSync(untilSync());
        }
    }

    private void syncedUpTo(long commit) {
        synced = commit;
        if (synced - marked >= MARK_COMMITS && flight == null) {
            fly();
        } else {
            scheduleMark();
        }
    }

    private void scheduleMark() {
        if (marked < synced && !markTimer) {
            markTimer = true;
            time.schedule(MARK_DELAY, () -> inQueue.accept(this::markTimerRang));
        }
    }

    private void markTimerRang() {
        markTimer = false;
        lateMark();
    }

    private void lateMark() {
        markDue = marked < written;
        if (markDue && flight == null) {
            fly();
        }
    }

    /** Waits for the sync under way, if there is one. */
    private void settle() {
        Flight waiting = flight;
        if (waiting != null) {
            waiting.await();
            land(waiting);
        }
    }

    /** Syncs the log if something is not synced. */
    void sync() {
        while (flight != null) {
            settle(); // landing may begin another
        }
        if (synced < written) {
            store.syncLog();
            syncedUpTo(written);
        }
    }

    /**
     * Syncs what is not synced and moves the mark. Without the sync the mark would remember logs longer than a power cut
     * leaves them, and a store that lost nothing but its last window would look damaged.
     */
    void mark() {
        sync();
        while (flight != null) {
            settle();
        }
        if (marked != synced) {
            try {
                mark.write(synced, mark.logs());
                marked = synced;
            } catch (IOException e) {
                throw Errors.of(e, "writing the high-water mark", folder);
            }
        }
    }

    @Override
    public void close() {
        worker.shutdown();
    }
}
