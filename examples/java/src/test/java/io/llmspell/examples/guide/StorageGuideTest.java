package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageGuideTest {
    @TempDir
    private Path folder;

    @Test
    void open() {
        SystemTimeSource time = new SystemTimeSource();
        Bytes key = Bytes.utf8("a");
        Bytes value = Bytes.utf8("b");
        Bytes event = Bytes.utf8("c");
        Bytes correlationPrefix = Bytes.utf8("d");
        Path folder = this.folder.resolve("store");
        // region
        RocksDbStorage storage = RocksDbStorage.at(folder).createIfMissing();
        try (StorageBackend store = storage.open(Set.of(Space.STATE, Space.EVENTS), time)) {
            Batch batch = Batch.of(
                    WriteMode.DURABLE,
                    new Write.Expect(Space.STATE, key, 0), // only if the key is absent
                    new Write.Put(Space.STATE, key, value),
                    new Write.Append(Space.EVENTS, event, List.of(correlationPrefix)));
            Commit outcome = store.commit(batch); // Done or Conflict
        }
        // endregion

        try (StorageBackend store = storage.open(Set.of(Space.STATE, Space.EVENTS), time)) {
            assertThat(store.get(Space.STATE, key)).isPresent();
        }
    }
}
