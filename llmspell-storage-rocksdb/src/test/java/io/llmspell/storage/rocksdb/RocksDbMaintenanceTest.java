package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.StorageMaintenance;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.storage.rocksdb.RocksDbStorage.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RocksDbMaintenanceTest {
    private static final long MIB = 1L << 20;

    private final Sandbox sandbox = new Sandbox();
    private final Random random = new Random(4);

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        sandbox.close();
    }

    private static StorageMaintenance maintenance(StorageBackend store) {
        return (StorageMaintenance) store;
    }

    private void putLarge(StorageBackend store, long key, int size) {
        byte[] noise = new byte[size];
        random.nextBytes(noise);
        store.commit(Batch.of(WriteMode.BUFFERED, new Write.Put(Space.STATE, Bytes.ofLong(key), Bytes.own(noise))))
                .orThrow();
    }

    @Test
    void checkpoint_laterWrites_areNotInTheCopy() {
        Path copy = temp.resolve("backup/copy");
        try (StorageBackend store = sandbox.create(temp.resolve("store"))) {
            Sandbox.put(store, WriteMode.BUFFERED, 1);
            Sandbox.put(store, WriteMode.BUFFERED, 2);
            assertThat(maintenance(store).checkpoint(copy)).isEqualTo(2);
            Sandbox.put(store, WriteMode.DURABLE, 3);
            assertThat(Sandbox.present(store, 3)).isEqualTo(3);
        }
        try (StorageBackend opened = sandbox.open(copy)) {
            assertThat(Sandbox.present(opened, 3)).isEqualTo(2);
            assertThat(opened.statistics()).containsEntry("commits", 2L);
            Sandbox.put(opened, WriteMode.DURABLE, 3);
        }
    }

    @Test
    void checkpoint_underWriters_isOneCommitOverAllSpaces() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        var pool = Executors.newSingleThreadExecutor();
        try (StorageBackend store = sandbox.create(temp.resolve("store"))) {
            Future<?> writer = pool.submit(() -> {
                for (long n = 1; !stop.get(); n++) {
                    store.commit(Batch.of(
                            WriteMode.BUFFERED,
                            new Write.Put(Space.STATE, Bytes.utf8("a"), Bytes.ofLong(n)),
                            new Write.Put(Space.META, Bytes.utf8("b"), Bytes.ofLong(n)),
                            new Write.Append(Space.EVENTS, Bytes.ofLong(n), List.of())));
                }
            });
            for (int i = 0; i < 5; i++) {
                Path copy = temp.resolve("copy" + i);
                long commit = maintenance(store).checkpoint(copy);
                try (StorageBackend opened = sandbox.open(copy)) {
                    assertThat(opened.statistics()).containsEntry("commits", commit);
                    if (commit > 0) {
                        assertThat(opened.get(Space.STATE, Bytes.utf8("a"))).isPresent();
                    }
                    var first = opened.get(Space.STATE, Bytes.utf8("a")).map(each -> each.value());
                    var second = opened.get(Space.META, Bytes.utf8("b")).map(each -> each.value());
                    assertThat(first)
                            .isEqualTo(second)
                            .isEqualTo(commit == 0 ? first : first.map(v -> Bytes.ofLong(commit)));
                    assertThat(opened.get(Space.EVENTS, Bytes.ofLong(commit + 1)))
                            .isEmpty();
                }
            }
            stop.set(true);
            writer.get();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void checkpoint_somethingAtThePath_isRefusedAndKeptAsItIs() throws IOException {
        Path file = Files.writeString(temp.resolve("notes.txt"), "mine");
        try (StorageBackend store = sandbox.create(temp.resolve("store"))) {
            assertThatThrownBy(() -> maintenance(store).checkpoint(file)).isInstanceOf(ArgumentException.class);
            assertThatThrownBy(() -> maintenance(store).checkpoint(temp.resolve("store")))
                    .isInstanceOf(ArgumentException.class);
            assertThatThrownBy(() -> maintenance(store).checkpoint(file.resolve("below")))
                    .isInstanceOf(StorageException.class);
            Sandbox.put(store, WriteMode.DURABLE, 1);
        }
        assertThat(file).hasContent("mine");
    }

    @Test
    void checkpoint_twiceAtOnceToOnePath_oneIsWholeAndTheOtherRefused() throws Exception {
        var pool = Executors.newFixedThreadPool(2);
        try (StorageBackend store = sandbox.create(temp.resolve("store"))) {
            Sandbox.put(store, WriteMode.DURABLE, 1);
            for (int i = 0; i < 5; i++) {
                Path copy = temp.resolve("copy" + i);
                List<Future<Long>> both = List.of(
                        pool.submit(() -> maintenance(store).checkpoint(copy)),
                        pool.submit(() -> maintenance(store).checkpoint(copy)));
                List<Long> whole = new ArrayList<>();
                List<Throwable> refused = new ArrayList<>();
                for (Future<Long> each : both) {
                    try {
                        whole.add(each.get(30, TimeUnit.SECONDS));
                    } catch (ExecutionException e) {
                        refused.add(e.getCause());
                    }
                }
                assertThat(whole).containsExactly(1L);
                assertThat(refused).singleElement().isInstanceOf(ArgumentException.class);
                try (StorageBackend opened = sandbox.open(copy)) {
                    assertThat(Sandbox.present(opened, 1)).isEqualTo(1);
                }
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void checkpoint_closedStore_isRefused() {
        StorageBackend store = sandbox.create(temp.resolve("store"));
        store.close();
        Sandbox.refused(ErrorCode.STORE_CLOSED, () -> maintenance(store).checkpoint(temp.resolve("copy")));
        Sandbox.refused(ErrorCode.STORE_CLOSED, () -> maintenance(store).verify());
        Sandbox.refused(ErrorCode.STORE_CLOSED, () -> maintenance(store).compact(Space.STATE));
        assertThat(temp.resolve("copy")).doesNotExist();
    }

    @Test
    void verify_flippedBitInATable_namesTheFileAndReadingRefusesTheBlock() throws IOException {
        Path folder = temp.resolve("store");
        try (StorageBackend store = sandbox.create(folder)) {
            for (int key = 1; key <= 200; key++) {
                putLarge(store, key, 4_000);
            }
            maintenance(store).compact(Space.STATE);
            maintenance(store).verify();
        }
        Path table = Sandbox.files(folder, ".sst").stream()
                .filter(each -> each.toFile().length() > 100_000)
                .findFirst()
                .orElseThrow();
        Sandbox.flip(table, 50_000, 2);
        try (StorageBackend store = sandbox.open(folder)) {
            assertThat(Sandbox.refused(
                            ErrorCode.STORE_CORRUPT, () -> maintenance(store).verify()))
                    .hasMessageContaining(String.valueOf(table.getFileName()))
                    .hasMessageContaining("restore a backup");
            assertThat(Sandbox.refused(ErrorCode.STORE_CORRUPT, () -> {
                        for (int key = 1; key <= 200; key++) {
                            store.get(Space.STATE, Bytes.ofLong(key));
                        }
                    }))
                    .hasMessageContaining("reading a key failed");
        }
    }

    @Test
    void compact_removedEntries_givesTheirRoomBack() {
        try (StorageBackend store = sandbox.create(temp.resolve("store"))) {
            for (int key = 1; key <= 300; key++) {
                putLarge(store, key, 10_000);
            }
            maintenance(store).compact(Space.STATE);
            long full = store.statistics().getOrDefault("bytes.state", 0L);
            assertThat(full).isGreaterThan(2 * MIB);
            for (int key = 1; key <= 300; key++) {
                store.commit(Batch.of(WriteMode.BUFFERED, new Write.Delete(Space.STATE, Bytes.ofLong(key))));
            }
            maintenance(store).compact(Space.STATE);
            assertThat(store.statistics().getOrDefault("bytes.state", full)).isLessThan(full / 100);
        }
    }

    @Test
    void memory_manyTimesTheBoundWrittenAndRead_staysInTheBound() {
        RocksDbStorage small = RocksDbStorage.at(temp.resolve("store"))
                .createIfMissing()
                .cacheBytes(4 * MIB)
                .writeBufferBytes(4 * MIB);
        try (StorageBackend store = small.open(Sandbox.SPACES, sandbox.time)) {
            for (int key = 1; key <= 6_400; key++) {
                putLarge(store, key, 10_000);
                if (key % 64 == 0) {
                    store.get(Space.STATE, Bytes.ofLong(random.nextInt(key)));
                    assertBound(store);
                }
            }
            for (int key = 1; key <= 6_400; key++) {
                store.get(Space.STATE, Bytes.ofLong(key));
            }
            assertBound(store);
        }
    }

    /** A buffer that is being written out stays until it is a table, so the buffers may pass their share for a moment. */
    private static void assertBound(StorageBackend store) {
        var figures = store.statistics();
        assertThat(figures).containsEntry("memory.bound", 8 * MIB);
        assertThat(figures.getOrDefault("memory.cache", Long.MAX_VALUE)).isLessThan(12 * MIB);
        assertThat(figures.getOrDefault("memory.buffers", Long.MAX_VALUE)).isLessThan(8 * MIB);
        assertThat(figures.getOrDefault("memory.tables", Long.MAX_VALUE)).isLessThan(4 * MIB);
    }

    @ParameterizedTest
    @EnumSource
    void compression_text_takesTheRoomOfItsKindAndOpensWithAnother(Compression kind) {
        Path folder = temp.resolve("store");
        Bytes text = Bytes.utf8("a state of an agent, with a little of everything; ".repeat(200));
        RocksDbStorage storage = RocksDbStorage.at(folder).createIfMissing().compression(kind);
        try (StorageBackend store = storage.open(Sandbox.SPACES, sandbox.time)) {
            for (int key = 1; key <= 100; key++) {
                store.commit(Batch.of(WriteMode.BUFFERED, new Write.Put(Space.STATE, Bytes.ofLong(key), text)));
            }
            maintenance(store).compact(Space.STATE);
            long size = store.statistics().getOrDefault("bytes.state", 0L);
            if (kind == Compression.NONE) {
                assertThat(size).isGreaterThan(100L * text.length());
            } else {
                assertThat(size).isBetween(1L, 20L * text.length());
            }
        }
        try (StorageBackend store = sandbox.open(folder)) {
            assertThat(store.get(Space.STATE, Bytes.ofLong(100)))
                    .hasValueSatisfying(each -> assertThat(each.value()).isEqualTo(text));
        }
    }

    @Test
    void statistics_afterCommits_tellWhatIsSynced() {
        try (StorageBackend store = sandbox.create(temp.resolve("store"))) {
            Sandbox.put(store, WriteMode.DURABLE, 1);
            assertThat(store.statistics())
                    .containsEntry("commits", 1L)
                    .containsEntry("commits.synced", 1L)
                    .containsEntry("commits.lost", 0L)
                    .containsEntry("writes.refused", 0L)
                    .containsEntry("leases", 0L);
            assertThat(store.statistics().getOrDefault("disk.free", 0L)).isPositive();
        }
    }
}
