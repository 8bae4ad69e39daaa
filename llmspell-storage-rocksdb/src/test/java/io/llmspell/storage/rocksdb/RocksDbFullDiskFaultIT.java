package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The check of the full disk must find a store that acknowledges what it could not write. */
@Timeout(180)
class RocksDbFullDiskFaultIT {
    private final Sandbox sandbox = new Sandbox();
    private int refused;

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        sandbox.close();
    }

    /** Tells of the first full disk, so that the check goes on, and acknowledges every later failed write. */
    private Commit careless(StorageBackend store, Batch batch) {
        try {
            return store.commit(batch);
        } catch (StorageException full) {
            if (refused++ == 0) {
                throw full;
            }
            return new Commit.Done(0, List.of(), batch.mode());
        }
    }

    @Test
    void store_thatAcknowledgesWhatItCouldNotWrite_isFound() throws Exception {
        try (Mount disk = Mount.inMemory(temp.resolve("disk"), "24m")) {
            assertThatThrownBy(() -> new FullDiskCheck(disk.folder, sandbox, this::careless).run())
                    .isInstanceOf(AssertionError.class);
        }
    }
}
