package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@link RocksDbTwoProcessesIT} is there for: with a file as lock, the store stays locked after the kill. */
@Timeout(120)
class RocksDbTwoProcessesFaultIT {
    @TempDir
    Path temp;

    @Test
    void lockByFile_afterAKill_staysLocked() throws Exception {
        Path folder = temp.resolve("store");
        try (Child child = RocksDbTwoProcessesIT.holder(temp, folder, "pidfile")) {
            child.kill();
            child.exit();
        }
        assertThatThrownBy(() -> LockHolder.lockByFile(folder)).isInstanceOf(FileAlreadyExistsException.class);
    }
}
