package io.llmspell.storage.rocksdb;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.storage.StorageProvider;
import io.llmspell.storage.rocksdb.RocksDbStorage.Compression;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Offers the durable store under the name {@code rocksdb} to {@link java.util.ServiceLoader}.
 *
 * <p><b>Threads:</b> safe.
 */
public final class RocksDbStorageProvider implements StorageProvider {
    private static final long MIB = 1L << 20;
    private static final long TIB = 1L << 40;

    private final UnaryOperator<RocksDbStorage> settings;

    /** Made by the service loader. */
    public RocksDbStorageProvider() {
        this(UnaryOperator.identity());
    }

    private RocksDbStorageProvider(UnaryOperator<RocksDbStorage> settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "rocksdb";
    }

    /**
     * Reads {@code block_cache} and {@code write_buffer}, each a size of 1 MiB to 1 TiB, {@code sync_window}, 1 ms to 10 s,
     * and {@code compression}, {@code none}, {@code lz4} or {@code zstd}.
     *
     * @param options the options
     * @return the changed provider
     */
    @Override
    public StorageProvider with(ConfigSection options) {
        StoreSettings usual = RocksDbStorage.DEFAULTS;
        long cache = options.bytes("block_cache", usual.cacheBytes(), MIB, TIB);
        long buffer = options.bytes("write_buffer", usual.writeBufferBytes(), MIB, TIB);
        Duration window = options.duration(
                "sync_window", usual.syncWindow(), RocksDbStorage.SHORTEST_WINDOW, RocksDbStorage.LONGEST_WINDOW);
        Compression compression = options.choice("compression", usual.compression());
        return new RocksDbStorageProvider(storage -> storage.cacheBytes(cache)
                .writeBufferBytes(buffer)
                .syncWindow(window)
                .compression(compression));
    }

    @Override
    public StorageFactory at(Path folder, boolean create) {
        RocksDbStorage storage = settings.apply(RocksDbStorage.at(folder));
        return create ? storage.createIfMissing() : storage;
    }
}
