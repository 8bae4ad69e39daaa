package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.storage.StorageProvider;
import java.nio.file.Path;

/**
 * Offers the durable store under the name {@code rocksdb} to {@link java.util.ServiceLoader}.
 *
 * <p><b>Threads:</b> safe.
 */
public final class RocksDbStorageProvider implements StorageProvider {
    /** Made by the service loader. */
    public RocksDbStorageProvider() {}

    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public StorageFactory at(Path folder, boolean create) {
        RocksDbStorage storage = RocksDbStorage.at(folder);
        return create ? storage.createIfMissing() : storage;
    }
}
