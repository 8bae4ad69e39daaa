package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** Planted faults: our store on a database that was opened with other options. */
enum MistunedStore {
    /** Nothing is logged, so what is not in tables dies with the process. */
    UNLOGGED {
        @Override
        void spoil(Tuning tuning) {
            tuning.synced.setSync(false).setDisableWAL(true); // RocksDB refuses to sync a log that it does not write
            tuning.unsynced.setDisableWAL(true);
        }
    },

    /** The log stays in a buffer of the process until somebody flushes it. */
    MANUAL_FLUSH {
        @Override
        void spoil(Tuning tuning) {
            tuning.database.setManualWalFlush(true);
        }
    };

    /** So large that no buffer fills up in a round: what fills up is written as a table, and is safe. */
    private static final long BUFFERS = 256L << 20;

    abstract void spoil(Tuning tuning);

    StorageBackend open(Path folder, TimeSource time) throws IOException {
        RocksDbStorage settings = RocksDbStorage.at(folder).writeBufferBytes(BUFFERS);
        settings.createIfMissing().open(Sandbox.SPACES, time).close();
        FolderLock lock = FolderLock.acquire(folder);
        Path generation = new StoreFolder(folder).generation(false);
        Tuning tuning = new Tuning(settings.settings(), Recovery.KEEPS_LOGS);
        spoil(tuning);
        NativeStore store = NativeStore.open(folder, generation, tuning, false, Sandbox.SPACES);
        HighWater mark = Objects.requireNonNull(HighWater.open(generation));
        return new RocksDbStorageBackend(settings, store, mark, lock, time, store.lastCommit(store.plain()));
    }
}
