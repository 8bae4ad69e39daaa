package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.testing.storage.StorageBackendContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RocksDbStorageBackendTest implements StorageBackendContract {
    private final SystemTimeSource time = new SystemTimeSource();

    @TempDir
    Path folder;

    @Override
    public StorageBackend open() {
        return RocksDbStorage.at(folder.resolve("store")).createIfMissing().open(SPACES, time);
    }

    @AfterEach
    void stopTimers() {
        time.close();
    }
}
