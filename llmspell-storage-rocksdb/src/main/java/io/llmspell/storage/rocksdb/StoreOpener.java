package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens a data folder: lock, pointer, mark, database, proof that nothing is missing; undoes all if one step fails. */
final class StoreOpener {
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
            Path generation = folder.generation(settings.create());
            boolean fresh = StoreFolder.isNew(generation);
            HighWater high = fresh ? HighWater.create(generation) : existing(generation);
            mark = high;
            HighWater.Mark before = high.mark();
            List<HighWater.Log> logs = HighWater.logs(generation.resolve("db"));
            checkLogs(before, logs);
            NativeStore db = NativeStore.open(settings, generation, fresh, logs.size(), spaces);
            store = db;
            long commit = db.lastCommit(db.plain());
            checkCommits(before, commit);
            checkNeeded(before, logs, db.oldestNeededLog());
            db.syncLog();
            high.write(commit);
            if (fresh) {
                folder.finish(generation);
            }
            RocksDbStorageBackend backend = new RocksDbStorageBackend(settings.folder(), db, high, held, time, commit);
            opened = true;
            return backend;
        } catch (IOException e) {
            throw Errors.of(e, "opening the store", settings.folder());
        } finally {
            if (!opened) {
                undo();
            }
        }
    }

    private HighWater existing(Path generation) throws IOException {
        HighWater found = HighWater.open(generation);
        if (found == null) {
            throw Errors.corrupt(
                    settings.folder(), "the high-water mark is missing or damaged, so losses could not be seen", null);
        }
        return found;
    }

    private void checkLogs(HighWater.Mark before, List<HighWater.Log> logs) {
        if (before.logs().isEmpty()) {
            return;
        }
        long newest = before.logs().get(before.logs().size() - 1).number();
        if (logs.isEmpty() || logs.get(logs.size() - 1).number() < newest) {
            throw Errors.corrupt(
                    settings.folder(), "the log " + name(newest) + " is missing with the newest commits", null);
        }
        for (HighWater.Log log : logs) {
            for (HighWater.Log known : before.logs()) {
                if (known.number() == log.number() && log.size() < known.size()) {
                    String sizes = log.size() + " bytes instead of at least " + known.size();
                    throw Errors.corrupt(
                            settings.folder(), "the log " + name(log.number()) + " was cut to " + sizes, null);
                }
            }
        }
    }

    /** A log in the middle that is gone leaves a hole that neither RocksDB nor the number of commits shows. */
    private void checkNeeded(HighWater.Mark before, List<HighWater.Log> logs, long oldestNeeded) {
        Set<Long> there = logs.stream().map(HighWater.Log::number).collect(Collectors.toSet());
        for (HighWater.Log known : before.logs()) {
            if (known.number() >= oldestNeeded && !there.contains(known.number())) {
                throw Errors.corrupt(settings.folder(), "the log " + name(known.number()) + " is missing", null);
            }
        }
    }

    private static String name(long log) {
        return String.format(Locale.ROOT, "%06d.log", log);
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
