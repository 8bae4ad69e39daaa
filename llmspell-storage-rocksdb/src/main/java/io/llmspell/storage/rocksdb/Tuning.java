package io.llmspell.storage.rocksdb;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.storage.rocksdb.RocksDbStorage.Compression;
import java.util.ArrayDeque;
import java.util.Deque;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/** The options of the database and every native object behind them; closed after the database, in reverse order. */
final class Tuning implements Handle {
    private static final long MIB = 1L << 20;
    private static final int BLOOM_BITS = 10;

    /** The filters of tables and buffers know the keys and also what the first bytes of keys are: kind and id of a scope. */
    private static final int PREFIX = 20;

    /** The share of a write buffer that its filter takes. */
    private static final double BUFFER_FILTER = 0.02;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    final DBOptions database;
    final ColumnFamilyOptions family;
    final Options listing;
    final ReadOptions read;

    /** For iterators that stay {@link #within one prefix}, so that filters may skip tables. */
    final ReadOptions prefixed;

    final WriteOptions synced;
    final WriteOptions unsynced;

    /** With less room on the disk, flushes and what RocksDB does to recover may fail. */
    final long leastRoom;

    /**
     * Makes the options.
     *
     * @param recovery what may be left out
     */
    Tuning(StoreSettings settings, Recovery recovery) {
        // The write buffers are charged to the cache, so that one number bounds both: without their share in its size
        // they would push out every block, and each read would go to the disk.
        LRUCache cache = own(new LRUCache(settings.cacheBytes() + settings.writeBufferBytes()));
        WriteBufferManager buffers = own(new WriteBufferManager(settings.writeBufferBytes(), cache));
        database = own(new DBOptions());
        safe(database, recovery);
        sized(database, buffers, settings);
        family = own(new ColumnFamilyOptions());
        family.setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFilterPolicy(own(new BloomFilter(BLOOM_BITS))))
                .setCompressionType(compression(settings.compression()))
                .useCappedPrefixExtractor(PREFIX)
                .setMemtablePrefixBloomSizeRatio(BUFFER_FILTER)
                .setMemtableWholeKeyFiltering(true)
                .setWriteBufferSize(Math.max(MIB, settings.writeBufferBytes() / 2));
        listing = own(new Options());
        read = own(new ReadOptions()).setTotalOrderSeek(true);
        prefixed = own(within(new ReadOptions()));
        synced = own(new WriteOptions()).setSync(true).setNoSlowdown(true);
        leastRoom = 2 * settings.writeBufferBytes() + 4 * MIB;
        unsynced = own(new WriteOptions()).setSync(false).setNoSlowdown(true);
    }

    /** Makes options those of iterators that stay {@link #within one prefix}. */
    static ReadOptions within(ReadOptions how) {
        return how.setTotalOrderSeek(false).setPrefixSameAsStart(true);
    }

    /** Whether all keys of a range begin with the same bytes that the filters know, and are walked in their order. */
    static boolean within(Range range) {
        if (range.reverse() || range.from().length() < PREFIX) {
            return false;
        }
        Bytes prefix = range.from().slice(0, PREFIX);
        return range.to().startsWith(prefix) || range.to().equals(prefix.prefixEnd());
    }

    private static CompressionType compression(Compression kind) {
        return switch (kind) {
            case NONE -> CompressionType.NO_COMPRESSION;
            case LZ4 -> CompressionType.LZ4_COMPRESSION;
            case ZSTD -> CompressionType.ZSTD_COMPRESSION;
        };
    }

    /**
     * What the promises rest on. TolerateCorruptedTailRecords alone refuses a flipped bit and still opens after a kill.
     */
    private static void safe(DBOptions options, Recovery recovery) {
        boolean lossy = recovery == Recovery.TO_THE_DAMAGE || recovery == Recovery.WITHOUT_FILES;
        options.setCreateIfMissing(recovery == Recovery.NONE)
                .setAvoidFlushDuringRecovery(recovery == Recovery.KEEPS_LOGS)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setWalRecoveryMode(
                        lossy ? WALRecoveryMode.PointInTimeRecovery : WALRecoveryMode.TolerateCorruptedTailRecords)
                .setManualWalFlush(false)
                .setAvoidFlushDuringShutdown(false)
                .setBestEffortsRecovery(recovery == Recovery.WITHOUT_FILES)
                .setUseFsync(false);
    }

    private static void sized(DBOptions options, WriteBufferManager buffers, StoreSettings settings) {
        options.setMaxOpenFiles(256)
                .setMaxFileOpeningThreads(1) // by default RocksDB starts 15 threads for each family at each opening
                .setWriteBufferManager(buffers)
                .setMaxTotalWalSize(Math.max(4 * MIB, settings.writeBufferBytes()))
                .setSkipStatsUpdateOnDbOpen(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                .setKeepLogFileNum(2);
    }

    /** What a reader beside the writer needs: files that the writer removes stay open, and nothing is made. */
    void beside() {
        database.setMaxOpenFiles(-1).setCreateMissingColumnFamilies(false);
    }

    private <T extends AutoCloseable> T own(T each) {
        owned.push(each);
        return each;
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                throw new AssertionError("closing an option throws nothing", e);
            }
        }
    }
}
