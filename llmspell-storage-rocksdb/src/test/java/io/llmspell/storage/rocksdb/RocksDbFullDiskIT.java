package io.llmspell.storage.rocksdb;

import io.llmspell.testing.check.Check;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a full disk reading goes on and writing resumes by itself. Needs the right to mount. */
@Check("D08")
@Timeout(180)
class RocksDbFullDiskIT {
    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void store_onADiskThatFillsUp_readsOnAndWritesAgainWhenThereIsRoom() throws Exception {
        try (Mount disk = Mount.inMemory(temp.resolve("disk"), "24m")) {
            new FullDiskCheck(disk.folder, sandbox, (store, batch) -> store.commit(batch)).run();
        }
    }
}
