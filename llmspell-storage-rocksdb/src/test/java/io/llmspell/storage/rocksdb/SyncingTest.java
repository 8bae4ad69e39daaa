package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncingTest {
    private final ManualTime time = new ManualTime();

    @TempDir
    Path temp;

    private static long synced(StorageBackend store) {
        return store.statistics().getOrDefault("commits.synced", -1L);
    }

    private static void awaitSynced(StorageBackend store, long commit) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> synced(store) == commit);
    }

    private void awaitTimers(int count) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> time.timers() == count);
    }

    @Test
    void bufferedCommit_isSyncedAfterTheWindow() {
        try (StorageBackend store =
                RocksDbStorage.at(temp.resolve("store")).createIfMissing().open(Sandbox.SPACES, time)) {
            Sandbox.put(store, WriteMode.BUFFERED, 1);
            assertThat(synced(store)).isZero();
            time.advance(Duration.ofMillis(100));
            awaitSynced(store, 1);
        }
    }

    @Test
    void bufferedCommit_shorterWindow_isSyncedAfterThat() {
        RocksDbStorage storage =
                RocksDbStorage.at(temp.resolve("store")).createIfMissing().syncWindow(Duration.ofMillis(10));
        try (StorageBackend store = storage.open(Sandbox.SPACES, time)) {
            Sandbox.put(store, WriteMode.BUFFERED, 1);
            time.advance(Duration.ofMillis(10));
            awaitSynced(store, 1);
        }
    }

    @Test
    void mark_movedWhileACommitIsBuffered_remembersNoLogLongerThanSynced() throws IOException {
        Path folder = temp.resolve("store");
        try (StorageBackend store = RocksDbStorage.at(folder).createIfMissing().open(Sandbox.SPACES, time)) {
            Sandbox.put(store, WriteMode.BUFFERED, 1);
            time.advance(Duration.ofMillis(100));
            awaitSynced(store, 1);
            awaitTimers(1); // that of the mark, which is set behind the sync
            time.advance(Duration.ofMillis(950));
            Sandbox.put(store, WriteMode.BUFFERED, 2);
            awaitTimers(2);
            time.advance(Duration.ofMillis(50));
            Path generation = Sandbox.db(folder).getParent();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> commit(generation) > 0);
            HighWater.Mark mark = HighWater.peek(generation);
            assertThat(mark).isNotNull();
            long remembered = mark.logs().get(mark.logs().size() - 1).size();
            assertThat(remembered).isEqualTo(Files.size(Sandbox.newestLog(folder)));
            assertThat(synced(store)).as("what is remembered is synced").isEqualTo(2);
        }
    }

    private static long commit(Path generation) throws IOException {
        HighWater.Mark mark = HighWater.peek(generation);
        return mark == null ? -1 : mark.commit();
    }
}
