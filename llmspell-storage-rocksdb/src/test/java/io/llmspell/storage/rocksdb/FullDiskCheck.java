package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.StorageMaintenance;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.awaitility.Awaitility;

/** Fills a small disk under a store, frees it, and looks whether all that was acknowledged is there. */
final class FullDiskCheck {
    private static final int SIZE = 16_000;

    private final Path disk;
    private final Sandbox sandbox;
    private final BiFunction<StorageBackend, Batch, Commit> committer;
    private final List<Long> acknowledged = new ArrayList<>();
    private long next = 1;

    FullDiskCheck(Path disk, Sandbox sandbox, BiFunction<StorageBackend, Batch, Commit> committer) {
        this.disk = disk;
        this.sandbox = sandbox;
        this.committer = committer;
    }

    void run() throws IOException {
        Path folder = disk.resolve("store");
        for (int round = 1; round <= 2; round++) {
            Path ballast = Files.write(disk.resolve("ballast"), new byte[12 << 20]);
            try (StorageBackend store = settings(folder).open(Sandbox.SPACES, sandbox.time)) {
                fill(store);
                refusedAgain(store);
                Files.delete(ballast);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .ignoreExceptionsMatching(FullDiskCheck::full)
                        .until(() -> put(store));
                complete(store);
            }
            try (StorageBackend again = sandbox.open(folder)) {
                complete(again);
                ((StorageMaintenance) again).verify();
                remove(again);
            }
        }
    }

    private static RocksDbStorage settings(Path folder) {
        return RocksDbStorage.at(folder).createIfMissing().writeBufferBytes(1 << 20);
    }

    private static boolean full(Throwable error) {
        return error instanceof StorageException refused && refused.code().equals(ErrorCode.STORE_FULL);
    }

    private void fill(StorageBackend store) {
        int most = 4_000;
        try {
            for (int i = 0; i < most; i++) {
                put(store);
            }
        } catch (StorageException full) {
            assertThat(full.code()).as(full.getMessage()).isEqualTo(ErrorCode.STORE_FULL);
            assertThat(full).hasMessageContaining("no room left");
            return;
        }
        throw new AssertionError("the disk did not fill up with " + most + " writes");
    }

    private void refusedAgain(StorageBackend store) {
        complete(store);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 200; i++) {
                        put(store);
                    }
                })
                .matches(FullDiskCheck::full);
        assertThatThrownBy(() -> ((StorageMaintenance) store).checkpoint(disk.resolve("copy")))
                .matches(FullDiskCheck::full);
        assertThat(disk.resolve("copy")).doesNotExist();
        complete(store);
    }

    private boolean put(StorageBackend store) {
        long key = next++;
        committer.apply(store, Batch.of(WriteMode.DURABLE, new Write.Put(Space.STATE, Bytes.ofLong(key), value(key))));
        acknowledged.add(key);
        return true;
    }

    private static Bytes value(long key) {
        byte[] noise = new byte[SIZE];
        new Random(key).nextBytes(noise);
        return Bytes.own(noise);
    }

    private void complete(StorageBackend store) {
        for (long key : acknowledged) {
            assertThat(store.get(Space.STATE, Bytes.ofLong(key)))
                    .as("acknowledged write %d of %d", key, next)
                    .hasValueSatisfying(each -> assertThat(each.value()).isEqualTo(value(key)));
        }
    }

    private void remove(StorageBackend store) {
        for (long key : acknowledged) {
            store.commit(Batch.of(WriteMode.BUFFERED, new Write.Delete(Space.STATE, Bytes.ofLong(key))));
        }
        acknowledged.clear();
        ((StorageMaintenance) store).compact(Space.STATE);
    }
}
