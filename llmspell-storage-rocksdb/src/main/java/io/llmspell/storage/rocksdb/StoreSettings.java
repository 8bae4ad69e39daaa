package io.llmspell.storage.rocksdb;

import io.llmspell.storage.rocksdb.RocksDbStorage.Compression;
import java.time.Duration;

/**
 * What can be chosen about an open store, beside its place.
 *
 * @param cacheBytes the size of the block cache
 * @param writeBufferBytes the size of all write buffers
 * @param syncWindow how long a buffered commit may stay unsynced
 * @param compression of the tables
 * @param acceptsLoss whether a damaged store is opened with what can be saved
 */
record StoreSettings(
        long cacheBytes, long writeBufferBytes, Duration syncWindow, Compression compression, boolean acceptsLoss) {

    StoreSettings withCache(long bytes) {
        return new StoreSettings(bytes, writeBufferBytes, syncWindow, compression, acceptsLoss);
    }

    StoreSettings withWriteBuffer(long bytes) {
        return new StoreSettings(cacheBytes, bytes, syncWindow, compression, acceptsLoss);
    }

    StoreSettings withSyncWindow(Duration window) {
        return new StoreSettings(cacheBytes, writeBufferBytes, window, compression, acceptsLoss);
    }

    StoreSettings withCompression(Compression kind) {
        return new StoreSettings(cacheBytes, writeBufferBytes, syncWindow, kind, acceptsLoss);
    }

    StoreSettings withLoss(boolean accepted) {
        return new StoreSettings(cacheBytes, writeBufferBytes, syncWindow, compression, accepted);
    }
}
