package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens a data folder: lock, pointer, mark, database, proof that nothing is missing; undoes all if one step fails. */
final class StoreOpener {
    private static final int MAX_KEPT_LOGS = 16;
    private static final long MAX_KEPT_BYTES = 4L << 20;

    private final RocksDbStorage settings;
    private final StoreFolder folder;
    private @Nullable FolderLock lock;
    private @Nullable HighWater mark;
    private @Nullable NativeStore store;

    private StoreOpener(RocksDbStorage settings) {
        this.settings = settings;
        this.folder = new StoreFolder(settings.folder());
    }

    static StorageBackend open(RocksDbStorage settings, Set<Space> spaces, TimeSource time) {
        return Uninterrupted.call(() -> new StoreOpener(settings).open(spaces, time));
    }

    private StorageBackend open(Set<Space> spaces, TimeSource time) {
        boolean opened = false;
        try {
            folder.prepare(settings.create());
            FolderLock held = FolderLock.acquire(settings.folder());
            lock = held;
            RocksDbStorageBackend backend =
                    settings.settings().acceptsLoss() ? openLossy(spaces, time) : openWhole(spaces, time);
            opened = true;
            return backend;
        } catch (IOException e) {
            throw Errors.of(e, Errors.OPENING, settings.folder());
        } finally {
            if (!opened) {
                undo();
            }
        }
    }

    private RocksDbStorageBackend openWhole(Set<Space> spaces, TimeSource time) throws IOException {
        Path generation = folder.generation(settings.create());
        boolean fresh = StoreFolder.isNew(generation);
        HighWater high = fresh ? HighWater.create(generation, 0) : existing(generation);
        mark = high;
        HighWater.Mark before = high.mark();
        List<HighWater.Log> logs = HighWater.logs(generation.resolve("db"));
        LogCheck check = new LogCheck(settings.folder(), before.logs(), logs);
        check.refuseLost();
        LogScan.Found found = LogScan.of(generation.resolve("db"), logs);
        check.refuseForeign(found);
        List<Long> damaged = check.damaged(found);
        NativeStore db =
                NativeStore.open(settings, generation, fresh ? Recovery.NONE : recovery(check, damaged), spaces);
        store = db;
        long commit = db.lastCommit(db.plain());
        checkCommits(before, commit);
        check.refuseHole(db.oldestNeededLog());
        check.refuseDamaged(damaged, db.oldestNeededLog());
        db.syncLog();
        high.ends(found.readable());
        high.write(commit);
        if (fresh) {
            folder.finish(generation);
        }
        return backend(db, high, time, commit);
    }

    /**
     * Logs that are kept are read again at each opening, so large ones are turned into tables once. But then they no
     * longer show a hole, so they are kept while one is possible.
     */
    private static Recovery recovery(LogCheck check, List<Long> damaged) {
        boolean little = check.there().size() < MAX_KEPT_LOGS && check.bytes() <= MAX_KEPT_BYTES;
        return little || !damaged.isEmpty() || check.firstGone(0).isPresent()
                ? Recovery.KEEPS_LOGS
                : Recovery.FLUSHES_LOGS;
    }

    private RocksDbStorageBackend openLossy(Set<Space> spaces, TimeSource time) throws IOException {
        Path generation = folder.anyGeneration();
        LossyOpening lossy = new LossyOpening(settings, generation);
        HighWater high = lossy.mark();
        mark = high;
        HighWater.Mark before = high.mark();
        NativeStore db = lossy.open(high, spaces);
        store = db;
        long found = db.lastCommit(db.plain());
        long lost = lossy.lost(before, found);
        long commit = Math.max(found, before.commit());
        db.writeLastCommit(commit);
        high.write(commit);
        folder.finish(generation);
        RocksDbStorageBackend backend = backend(db, high, time, commit);
        backend.lost(lost);
        return backend;
    }

    private RocksDbStorageBackend backend(NativeStore db, HighWater high, TimeSource time, long commit) {
        return new RocksDbStorageBackend(settings, db, high, Objects.requireNonNull(lock), time, commit);
    }

    private HighWater existing(Path generation) throws IOException {
        HighWater found = HighWater.open(generation);
        if (found == null) {
            throw Errors.corrupt(
                    settings.folder(), "the high-water mark is missing or damaged, so losses could not be seen", null);
        }
        return found;
    }

    private void checkCommits(HighWater.Mark before, long commit) {
        if (commit < before.commit()) {
            throw Errors.corrupt(
                    settings.folder(),
                    (before.commit() - commit) + " commits are missing: it ends at commit " + commit + ", but commit "
                            + before.commit() + " was on the disk",
                    null);
        }
    }

    private void undo() {
        if (store != null) {
            store.close();
        }
        if (mark != null) {
            mark.close();
        }
        if (lock != null) {
            lock.close();
        }
    }
}
