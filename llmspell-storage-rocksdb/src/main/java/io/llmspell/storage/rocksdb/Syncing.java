package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.StorageException;
import io.llmspell.core.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which commits are synced, syncs buffered ones in time and moves the high-water mark.
 *
 * <p>Buffered commits are synced at most a window, usually 100 ms, after the first of them: by a timer when the store is idle, else by the
 * first commit that comes later than that. The mark moves every 1,000 synced commits, 1 s after a sync, at flush and at
 * close. For the leader of the commit queue; timers only put an action into the queue.
 */
final class Syncing {
    private static final Logger LOG = LoggerFactory.getLogger(Syncing.class);
    private static final Duration MARK_DELAY = Duration.ofSeconds(1);
    private static final long MARK_COMMITS = 1_000;

    private final NativeStore store;
    private final HighWater mark;
    private final TimeSource time;
    private final Consumer<Runnable> inQueue;
    private final Path folder;
    private final Duration window;
    private long written;
    private volatile long synced;
    private long firstUnsyncedNanos;
    private boolean syncTimer;
    private boolean markTimer;

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
        if (!sync && synced == written) {
            firstUnsyncedNanos = time.nanos();
            scheduleSync(window);
        }
        written = commit;
        if (sync) {
            syncedUpTo(commit);
        }
    }

    private void scheduleSync(Duration delay) {
        if (!syncTimer) {
            syncTimer = true;
            time.schedule(delay, () -> inQueue.accept(this::lateSync));
        }
    }

    private void lateSync() {
        syncTimer = false;
        if (overdue()) {
            sync();
        } else if (synced < written) {
            scheduleSync(window.minusNanos(time.nanos() - firstUnsyncedNanos));
        }
    }

    /** Syncs the log if something is not synced. */
    void sync() {
        if (synced < written) {
            store.syncLog();
            syncedUpTo(written);
        }
    }

    private void syncedUpTo(long commit) {
        synced = commit;
        if (synced - mark.mark().commit() >= MARK_COMMITS) {
            tryMark();
        } else if (!markTimer) {
            markTimer = true;
            time.schedule(MARK_DELAY, () -> inQueue.accept(this::lateMark));
        }
    }

    private void lateMark() {
        markTimer = false;
        tryMark();
    }

    private void tryMark() {
        try {
            mark();
        } catch (StorageException e) {
            // The commits are safe; only the proof of their number is late. The next mark is tried in time.
            LOG.warn("the high-water mark of {} could not be moved: {}", folder, e.text());
        }
    }

    /**
     * Syncs what is not synced and moves the mark. Without the sync the mark would remember logs longer than a power cut
     * leaves them, and a store that lost nothing but its last window would look damaged.
     */
    void mark() {
        sync();
        if (mark.mark().commit() != synced) {
            try {
                mark.write(synced);
            } catch (IOException e) {
                throw Errors.of(e, "writing the high-water mark", folder);
            }
        }
    }
}
