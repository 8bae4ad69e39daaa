package io.llmspell.storage.rocksdb;

import static io.llmspell.storage.rocksdb.Sandbox.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.check.Check;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged store opens with everything or is refused by name; never with less. {@link RocksDbDamageFaultTest} is its proof. */
@Check("D05")
class RocksDbDamageTest {
    private static final int COMMITS = 600;

    private static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    static Path shared;

    private static Path original;

    @TempDir
    Path temp;

    private int copies;

    @BeforeAll
    static void write() throws IOException {
        original = image(SANDBOX, shared);
    }

    @AfterAll
    static void close() {
        SANDBOX.close();
    }

    /** A store with tables, an older and a newer log, as a kill leaves it. */
    static Path image(Sandbox sandbox, Path temp) throws IOException {
        Path folder = temp.resolve("store");
        RocksDbStorage small = RocksDbStorage.at(folder).createIfMissing();
        try (StorageBackend store = small.open(Sandbox.SPACES, sandbox.time)) {
            for (int i = 1; i <= COMMITS / 3; i++) {
                Sandbox.put(store, WriteMode.BUFFERED, i);
            }
        }
        for (int i = 0; i < 20; i++) {
            small.open(Sandbox.SPACES, sandbox.time).close();
        }
        try (StorageBackend store = small.open(Sandbox.SPACES, sandbox.time)) {
            for (int i = COMMITS / 3 + 1; i <= 2 * COMMITS / 3; i++) {
                Sandbox.put(store, WriteMode.BUFFERED, i);
            }
        }
        try (StorageBackend store = small.open(Sandbox.SPACES, sandbox.time)) {
            for (int i = 2 * COMMITS / 3 + 1; i <= COMMITS; i++) {
                Sandbox.put(store, WriteMode.BUFFERED, i);
            }
            store.flush();
            return Sandbox.image(folder, temp.resolve("image"));
        }
    }

    private Path copy() throws IOException {
        return Sandbox.image(original, temp.resolve("copy" + ++copies));
    }

    /** Opens a harmed store: true if all is there, false if it was refused as damaged. */
    private boolean complete(Path store, String harm) {
        try (StorageBackend open = SANDBOX.open(store)) {
            assertThat(Sandbox.present(open, COMMITS)).as(harm).isEqualTo(COMMITS);
            return true;
        } catch (StorageException e) {
            assertThat(e.code()).as(harm + ": " + e.getMessage()).isEqualTo(ErrorCode.STORE_CORRUPT);
            assertThat(e.getMessage()).contains(store.toString());
            return false;
        }
    }

    @Test
    void open_unharmedImage_isComplete() throws IOException {
        assertThat(Sandbox.files(original, ".sst")).as("the image has tables").isNotEmpty();
        assertThat(Sandbox.files(original, ".log"))
                .as("the image has several logs")
                .hasSizeGreaterThan(1);
        assertThat(complete(copy(), "nothing")).isTrue();
    }

    @Test
    void open_flippedBitInALog_isNeverASilentLoss() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 12; i++) {
            Path store = copy();
            List<Path> logs = Sandbox.files(store, ".log").stream()
                    .filter(log -> log.toFile().length() > 100)
                    .toList();
            Path log = logs.get(random.nextInt(logs.size()));
            int offset = random.nextInt((int) Files.size(log));
            Sandbox.flip(log, offset, random.nextInt(8));
            complete(store, "seed " + seed + ", a bit at " + offset + " of " + log.getFileName());
        }
    }

    /** RocksDB takes a length beyond the end of a log for the torn write of a process that died, and reads on in the next. */
    @Test
    void open_lengthFlippedInAnOlderLog_isNeverASilentLoss() throws IOException {
        List<Path> logs = Sandbox.files(original, ".log").stream()
                .filter(log -> log.toFile().length() > 100)
                .toList();
        for (Path log : logs) {
            List<Integer> records = records(Files.readAllBytes(log));
            for (int part = 0; part < 4; part++) {
                assertRefusedAndSaved(log, records.get(records.size() * part / 4), 5, 6);
            }
        }
    }

    /** A type that says the record is the left-over of a log that was used again ends a log as well. */
    @Test
    void open_typeFlippedToThatOfARecycledLog_isNeverASilentLoss() throws IOException {
        for (Path log : Sandbox.files(original, ".log").stream()
                .filter(each -> each.toFile().length() > 100)
                .toList()) {
            List<Integer> records = records(Files.readAllBytes(log));
            assertRefusedAndSaved(log, records.get(0), 6, 2);
            assertRefusedAndSaved(log, records.get(records.size() / 2), 6, 2);
        }
    }

    /** The last write of a process that was killed is no damage, neither at the next opening nor at those after it. */
    @Test
    void open_tornWriteAtTheEndOfALog_isCompleteEachTime() throws IOException {
        Path store = copy();
        byte[] torn = {1, 2, 3, 4, 0, 4, 1, 7, 7, 7}; // checksum, length 1,024, type, and the first bytes
        Files.write(Sandbox.newestLog(store), torn, StandardOpenOption.APPEND);
        for (int opening = 1; opening <= 4; opening++) {
            assertThat(complete(store, "opening " + opening)).isTrue();
        }
        Path image = temp.resolve("image");
        try (StorageBackend open = SANDBOX.open(store)) {
            Sandbox.put(open, WriteMode.DURABLE, COMMITS + 1);
            open.flush();
            Sandbox.image(store, image);
        }
        assertThat(complete(image, "after a kill")).isTrue();
    }

    /** Harms a bit of a record: the store is refused each time, and opens with a loss without a hole. */
    private void assertRefusedAndSaved(Path log, int record, int offset, int bit) throws IOException {
        Path store = copy();
        Sandbox.flip(store.resolve(original.relativize(log)), record + offset, bit);
        String harm = "byte " + offset + " of the record at " + record + " of " + log.getFileName();
        assertThat(complete(store, harm)).as(harm).isFalse();
        assertThat(complete(store, harm)).as("a second time: " + harm).isFalse();
        try (StorageBackend open = RocksDbStorage.at(store).acceptLoss().open(Sandbox.SPACES, SANDBOX.time)) {
            int present = Sandbox.present(open, COMMITS);
            assertThat(Sandbox.present(open, present)).as("no hole: " + harm).isEqualTo(present);
            assertThat(present).as(harm).isLessThan(COMMITS);
        }
        SANDBOX.open(store).close();
    }

    /** Where the records of a log begin: checksum (4), length (2), type (1), for recycled logs a number (4). */
    private static List<Integer> records(byte[] log) {
        List<Integer> found = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (at + 7 <= log.length && log[at + 6] != 0) {
            found.add(at);
            at += (log[at + 6] >= 5 && log[at + 6] <= 8 ? 11 : 7) + (in.getShort(at + 4) & 0xffff);
        }
        return found;
    }

    @Test
    void open_fileGone_isRefusedOrComplete() throws IOException {
        List<Path> files = new ArrayList<>(List.of(Path.of("CURRENT"), Path.of("generations/000001/high-water")));
        for (String ending : List.of("CURRENT", "MANIFEST", "OPTIONS", "IDENTITY", ".sst", ".log")) {
            for (Path file : Sandbox.files(original, "")) {
                if (file.getFileName().toString().contains(ending)) {
                    files.add(original.relativize(file));
                }
            }
        }
        for (Path file : files) {
            Path store = copy();
            Files.delete(store.resolve(file.toString()));
            boolean complete = complete(store, "without " + file);
            String name = String.valueOf(file.getFileName());
            boolean needless = name.startsWith("OPTIONS") || name.equals("IDENTITY");
            boolean empty = Files.exists(original.resolve(file)) && Files.size(original.resolve(file)) == 0;
            assertThat(complete && !needless && !empty)
                    .as("opened without " + file)
                    .isFalse();
        }
    }

    @Test
    void open_fileCut_isRefusedOrComplete() throws IOException {
        for (Path file : Sandbox.files(original, "")) {
            long size = Files.size(file);
            for (long rest : size == 0 ? new long[0] : new long[] {0, size / 2, size - 1}) {
                Path store = copy();
                Path harmed = store.resolve(original.relativize(file).toString());
                Sandbox.cut(harmed, rest);
                complete(store, file.getFileName() + " cut from " + size + " to " + rest);
            }
        }
    }

    @Test
    void open_newestLogGone_namesIt() throws IOException {
        Path store = copy();
        Path log = Sandbox.newestLog(store);
        Files.delete(log);
        assertThat(refused(ErrorCode.STORE_CORRUPT, () -> SANDBOX.open(store)))
                .hasMessageContaining(String.valueOf(log.getFileName()));
    }

    @Test
    void open_middleOneOfManyLogsGone_isRefused() throws IOException {
        Path folder = temp.resolve("many");
        for (int i = 1; i <= 15; i++) {
            try (StorageBackend open = SANDBOX.create(folder)) {
                Sandbox.put(open, WriteMode.DURABLE, i);
            }
        }
        Path store;
        try (StorageBackend open = SANDBOX.open(folder)) {
            Sandbox.put(open, WriteMode.DURABLE, 16);
            open.flush();
            store = Sandbox.image(folder, temp.resolve("manyImage"));
        }
        List<Path> logs = Sandbox.files(store, ".log");
        assertThat(logs).hasSizeGreaterThan(15);
        Files.delete(logs.get(8));
        Files.createFile(Sandbox.db(store).resolve("000900.log")); // so many that they would be turned into tables
        Files.createFile(Sandbox.db(store).resolve("000901.log"));
        assertThat(refused(ErrorCode.STORE_CORRUPT, () -> SANDBOX.open(store)))
                .hasMessageContaining(String.valueOf(logs.get(8).getFileName()));
    }

    @Test
    void open_behindTheMark_tellsHowManyCommitsAreMissing() throws IOException {
        Path store = temp.resolve("behind");
        try (StorageBackend open = SANDBOX.create(store)) {
            Sandbox.put(open, WriteMode.DURABLE, 1);
        }
        HighWater mark = HighWater.open(store.resolve("generations/000001"));
        assertThat(mark).isNotNull();
        mark.write(8);
        mark.close();
        assertThat(refused(ErrorCode.STORE_CORRUPT, () -> SANDBOX.open(store)))
                .hasMessageContaining("7 commits are missing");
    }

    @Test
    void open_oneSlotOfTheMarkDamaged_usesTheOther() throws IOException {
        Path mark = Sandbox.db(original).resolveSibling("high-water");
        for (int slot = 0; slot < 2; slot++) {
            Path store = copy();
            Sandbox.flip(store.resolve(original.relativize(mark).toString()), slot * 1_024L + 9, 3);
            assertThat(complete(store, "slot " + slot)).isTrue();
        }
    }
}
