package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

class RocksDbReaderTest {
    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    @AfterEach
    void stopTimers() {
        sandbox.close();
    }

    private Path folder() {
        return temp.resolve("store");
    }

    private StorageBackend reader() {
        return RocksDbStorage.at(folder()).readOnly().open(Sandbox.SPACES, sandbox.time);
    }

    private static List<Long> keys(Cursor cursor) {
        List<Long> keys = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                keys.add(cursor.entry().key().longAt(0));
            }
        }
        return keys;
    }

    private Map<String, Long> files() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder())) {
            for (Path each : walk.filter(Files::isRegularFile).toList()) {
                sizes.put(folder().relativize(each).toString(), Files.size(each));
            }
        }
        return sizes;
    }

    @Test
    void read_afterEachCommitOfTheWriter_isItsNewest() {
        try (StorageBackend writer = sandbox.create(folder());
                StorageBackend reader = reader()) {
            for (long key = 1; key <= 50; key++) {
                WriteMode mode = key % 2 == 0 ? WriteMode.DURABLE : WriteMode.BUFFERED;
                Sandbox.put(writer, mode, key);

                assertThat(Sandbox.present(reader, (int) key)).isEqualTo((int) key);
                try (Snapshot now = reader.snapshot()) {
                    assertThat(now.commit()).isEqualTo(key);
                }
                assertThat(reader.get(Space.STATE, Bytes.ofLong(key)))
                        .isEqualTo(writer.get(Space.STATE, Bytes.ofLong(key)));
            }
            assertThat(reader.statistics()).containsEntry("commits", 50L);
        }
    }

    @Test
    void read_logScanIndexSeveral_areThoseOfTheWriter() {
        try (StorageBackend writer = sandbox.create(folder());
                StorageBackend reader = reader()) {
            for (long i = 1; i <= 6; i++) {
                Bytes prefix = Bytes.utf8(i % 2 == 0 ? "even" : "odd");
                writer.commit(Batch.of(
                        WriteMode.DURABLE,
                        new Write.Append(Space.EVENTS, Bytes.ofLong(i), List.of(prefix)),
                        new Write.Put(Space.STATE, Bytes.ofLong(i), Bytes.ofLong(i))));
            }
            writer.commit(Batch.of(WriteMode.DURABLE, new Write.Delete(Space.STATE, Bytes.ofLong(2))));

            assertThat(keys(reader.scan(Space.STATE, Range.all()))).containsExactly(1L, 3L, 4L, 5L, 6L);
            assertThat(keys(reader.scan(Space.STATE, Range.all().reversed()))).containsExactly(6L, 5L, 4L, 3L, 1L);
            assertThat(keys(reader.index(Space.EVENTS, Bytes.utf8("even"), false)))
                    .containsExactly(2L, 4L, 6L);
            assertThat(keys(reader.index(Space.EVENTS, Bytes.utf8("odd"), true)))
                    .containsExactly(5L, 3L, 1L);
            assertThat(reader.getAll(Space.STATE, List.of(Bytes.ofLong(1), Bytes.ofLong(2))))
                    .satisfiesExactly(
                            one -> assertThat(one).isPresent(),
                            two -> assertThat(two).isEmpty());
            assertThat(reader.statistics()).containsEntry("views", 1L);
        }
    }

    @Test
    void snapshot_whileItIsOpen_staysAsItWas() {
        try (StorageBackend writer = sandbox.create(folder());
                StorageBackend reader = reader()) {
            Sandbox.put(writer, WriteMode.DURABLE, 1);
            Snapshot held = reader.snapshot();
            Cursor begun = held.scan(Space.STATE, Range.all());
            Sandbox.put(writer, WriteMode.DURABLE, 2);

            assertThat(held.get(Space.STATE, Bytes.ofLong(2))).isEmpty();
            assertThat(keys(held.scan(Space.STATE, Range.all()))).containsExactly(1L);
            held.close();
            held.close();
            assertThat(reader.get(Space.STATE, Bytes.ofLong(2))).isPresent();
            assertThat(keys(begun)).containsExactly(1L);
            assertThatThrownBy(() -> held.get(Space.STATE, Bytes.ofLong(1))).isInstanceOf(InvalidStateException.class);
        }
    }

    @Test
    void write_inAnyForm_isRefusedAndChangesNothing() throws IOException {
        try (StorageBackend writer = sandbox.create(folder())) {
            Sandbox.put(writer, WriteMode.DURABLE, 1);
            writer.flush();
            Map<String, Long> before = files();
            try (StorageBackend reader = reader()) {
                Batch batch = Batch.of(WriteMode.DURABLE, new Write.Delete(Space.STATE, Bytes.ofLong(1)));

                assertThat(Sandbox.refused(ErrorCode.STORE_READ_ONLY, () -> reader.commit(batch)))
                        .hasMessageContaining(folder().toString());
                StepVerifier.create(reader.commitAsync(batch))
                        .expectErrorMatches(
                                error -> ((StorageException) error).code().equals(ErrorCode.STORE_READ_ONLY))
                        .verify();
                StepVerifier.create(reader.watch(Space.STATE, Bytes.empty(), 0))
                        .expectErrorMatches(
                                error -> ((StorageException) error).code().equals(ErrorCode.STORE_UNSUPPORTED))
                        .verify();
                reader.flush();
                assertThat(reader.capabilities())
                        .containsExactlyInAnyOrder(Capability.SNAPSHOT, Capability.ORDER, Capability.PERSISTENCE);
                assertThat(reader.get(Space.STATE, Bytes.ofLong(1))).isPresent();
            }
            assertThat(files()).isEqualTo(before);
            Sandbox.put(writer, WriteMode.DURABLE, 2);
        }
    }

    @Test
    void read_writerClosesAndOpensAgain_goesOn() {
        StorageBackend first = sandbox.create(folder());
        Sandbox.put(first, WriteMode.DURABLE, 1);
        try (StorageBackend reader = reader()) {
            first.close();
            assertThat(Sandbox.present(reader, 1)).isEqualTo(1);
            try (StorageBackend second = sandbox.open(folder())) {
                Sandbox.put(second, WriteMode.BUFFERED, 2);
                assertThat(Sandbox.present(reader, 2)).isEqualTo(2);
            }
            assertThat(Sandbox.present(reader, 2)).isEqualTo(2);
        }
        try (StorageBackend alone = reader()) {
            assertThat(Sandbox.present(alone, 2)).isEqualTo(2);
        }
    }

    /** RocksDB alone would go on to show what it had read of a log that is gone. */
    @Test
    void read_logWasRemovedBeforeItWasReadToItsEnd_isTheNewest() {
        try (StorageBackend writer = RocksDbStorage.at(folder())
                        .createIfMissing()
                        .writeBufferBytes(1 << 20)
                        .open(Sandbox.SPACES, sandbox.time);
                StorageBackend reader = reader()) {
            Bytes key = Bytes.utf8("key");
            for (long round = 0; round < 5; round++) {
                writer.commit(Batch.of(WriteMode.BUFFERED, new Write.Put(Space.STATE, key, Bytes.ofLong(2 * round))));
                assertThat(reader.get(Space.STATE, key).orElseThrow().value()).isEqualTo(Bytes.ofLong(2 * round));
                writer.commit(
                        Batch.of(WriteMode.BUFFERED, new Write.Put(Space.STATE, key, Bytes.ofLong(2 * round + 1))));
                for (int i = 0; i < 120; i++) {
                    Bytes large = Bytes.own(new byte[50_000]);
                    writer.commit(Batch.of(WriteMode.BUFFERED, new Write.Put(Space.META, Bytes.utf8("large"), large)));
                }
                assertThat(reader.get(Space.STATE, key).orElseThrow().value()).isEqualTo(Bytes.ofLong(2 * round + 1));
            }
        }
    }

    @Test
    void read_writerTurnsLogsIntoTables_goesOn() {
        byte[] large = new byte[20_000];
        try (StorageBackend writer = RocksDbStorage.at(folder())
                        .createIfMissing()
                        .writeBufferBytes(1 << 20)
                        .open(Sandbox.SPACES, sandbox.time);
                StorageBackend reader = reader()) {
            for (long i = 0; i < 1_500; i++) {
                writer.commit(Batch.of(
                        WriteMode.BUFFERED,
                        new Write.Put(Space.STATE, Bytes.ofLong(i % 100), Bytes.copyOf(large)),
                        new Write.Put(Space.META, Bytes.utf8("last"), Bytes.ofLong(i))));
                if (i % 25 == 0) {
                    assertThat(reader.get(Space.META, Bytes.utf8("last"))
                                    .orElseThrow()
                                    .value())
                            .isEqualTo(Bytes.ofLong(i));
                }
            }
            assertThat(keys(reader.scan(Space.STATE, Range.all()))).hasSize(100);
        }
    }

    @Test
    void open_noStore_isRefusedAndMakesNone() {
        Sandbox.refused(ErrorCode.STORE_NOT_FOUND, this::reader);
        assertThat(folder()).doesNotExist();
    }

    @Test
    void open_commitsThatWereOnTheDiskAreGone_isRefused() throws IOException {
        try (StorageBackend writer = sandbox.create(folder())) {
            Sandbox.put(writer, WriteMode.DURABLE, 1);
            writer.flush();
            Path image = Sandbox.image(folder(), temp.resolve("image"));
            for (Path log : Sandbox.files(image, ".log")) {
                Files.delete(log);
            }

            StorageException refused = Sandbox.refused(
                    ErrorCode.STORE_CORRUPT,
                    () -> RocksDbStorage.at(image).readOnly().open(Sandbox.SPACES, sandbox.time));

            assertThat(refused.text()).contains("1 commits are missing");
        }
    }

    @Test
    void read_spaceThatTheStoreLacks_isEmpty() {
        try (StorageBackend writer =
                        RocksDbStorage.at(folder()).createIfMissing().open(Set.of(Space.STATE), sandbox.time);
                StorageBackend reader = reader()) {
            Sandbox.put(writer, WriteMode.DURABLE, 1);

            assertThat(reader.get(Space.META, Bytes.ofLong(1))).isEmpty();
            assertThat(keys(reader.scan(Space.EVENTS, Range.all()))).isEmpty();
            assertThat(keys(reader.index(Space.EVENTS, Bytes.utf8("x"), false))).isEmpty();
            assertThat(Sandbox.present(reader, 1)).isEqualTo(1);
        }
    }

    @Test
    void close_frees_andLaterCallsSaySo() {
        try (StorageBackend writer = sandbox.create(folder())) {
            Sandbox.put(writer, WriteMode.DURABLE, 1);
            StorageBackend reader = reader();
            Snapshot held = reader.snapshot();
            Cursor begun = held.scan(Space.STATE, Range.all());

            reader.close();
            reader.close();

            Sandbox.refused(ErrorCode.STORE_CLOSED, () -> reader.get(Space.STATE, Bytes.ofLong(1)));
            Sandbox.refused(ErrorCode.STORE_CLOSED, () -> held.get(Space.STATE, Bytes.ofLong(1)));
            Sandbox.refused(ErrorCode.STORE_CLOSED, begun::next);
            held.close();
            begun.close();
        }
    }
}
