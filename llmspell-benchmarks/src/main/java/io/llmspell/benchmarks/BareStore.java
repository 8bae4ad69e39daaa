package io.llmspell.benchmarks;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * RocksDB without anything of ours, with the same sizes, compression, filters and recovery settings.
 *
 * <p><b>Threads:</b> safe until it is closed.
 */
final class BareStore implements AutoCloseable {
    private static final long MIB = 1L << 20;

    private final LRUCache cache = new LRUCache(64 * MIB);
    private final WriteBufferManager buffers = new WriteBufferManager(32 * MIB, cache);
    private final BloomFilter bloom = new BloomFilter(10);
    private final Options options = new Options();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();
    private final RocksDB db;

    BareStore(Path folder) throws RocksDBException {
        RocksDB.loadLibrary();
        options.setCreateIfMissing(true)
                .setParanoidChecks(true)
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setAvoidFlushDuringRecovery(true)
                .setMaxOpenFiles(256)
                .setWriteBufferManager(buffers)
                .setWriteBufferSize(16 * MIB)
                .setSkipStatsUpdateOnDbOpen(true)
                .setCompressionType(CompressionType.ZSTD_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFilterPolicy(bloom));
        db = RocksDB.open(options, folder.toString());
    }

    byte @Nullable [] get(byte[] key) throws RocksDBException {
        return db.get(key);
    }

    void put(byte[] key, byte[] value, boolean sync) throws RocksDBException {
        db.put(sync ? synced : unsynced, key, value);
    }

    void putAll(List<byte[]> keys, byte[] value, boolean sync) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (byte[] key : keys) {
                batch.put(key, value);
            }
            db.write(sync ? synced : unsynced, batch);
        }
    }

    /** Reads keys and values from one key on; gives the sum of their lengths. */
    long scan(byte[] from, int entries) {
        long bytes = 0;
        try (RocksIterator each = db.newIterator()) {
            int left = entries;
            for (each.seek(from); left > 0 && each.isValid(); each.next()) {
                bytes += each.key().length + each.value().length;
                left--;
            }
        }
        return bytes;
    }

    void checkpoint(Path folder) throws RocksDBException {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(folder.toString());
        }
    }

    @Override
    public void close() {
        db.close();
        List.of(synced, unsynced, options, bloom, buffers, cache).forEach(RocksObject::close);
    }
}
