package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;

/** The faults that {@link RocksDbDamageTest} is there for: without our settings and mark, losses are silent. */
class RocksDbDamageFaultTest {
    private static final int COMMITS = 600;

    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        sandbox.close();
    }

    /** Opens the database as a careless back end would; gives how many keys it shows, or -1 if it was refused. */
    private static int carelessly(Path store, WALRecoveryMode mode) {
        NativeLibrary.load();
        String db = Sandbox.db(store).toString();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions().setWalRecoveryMode(mode);
                Options listing = new Options()) {
            List<ColumnFamilyDescriptor> families = new ArrayList<>();
            int state = 0;
            for (byte[] name : RocksDB.listColumnFamilies(listing, db)) {
                state = new String(name, StandardCharsets.UTF_8).equals("s.state") ? families.size() : state;
                families.add(new ColumnFamilyDescriptor(name));
            }
            try (RocksDB open = RocksDB.open(options, db, families, handles)) {
                int found = 0;
                for (long key = 1; key <= COMMITS; key++) {
                    found += open.get(handles.get(state), Bytes.ofLong(key).toArray()) == null ? 0 : 1;
                }
                handles.forEach(ColumnFamilyHandle::close);
                return found;
            }
        } catch (RocksDBException e) {
            return -1;
        }
    }

    @Test
    void skipAnyCorruptedRecord_flippedBit_losesSilently() throws IOException {
        Path original = RocksDbDamageTest.image(sandbox, temp);
        Random random = new Random(1);
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Path store = Sandbox.image(original, temp.resolve("copy" + i));
            Path log = Sandbox.newestLog(store);
            Sandbox.flip(log, random.nextInt((int) Files.size(log)), random.nextInt(8));
            found.add(carelessly(store, WALRecoveryMode.SkipAnyCorruptedRecords));
        }
        assertThat(found).anyMatch(count -> count >= 0 && count < COMMITS);
    }

    @Test
    void markNotCompared_newestLogGone_losesSilently() throws IOException {
        Path original = RocksDbDamageTest.image(sandbox, temp);
        Files.delete(Sandbox.newestLog(original));
        assertThat(carelessly(original, WALRecoveryMode.TolerateCorruptedTailRecords))
                .isBetween(0, COMMITS - 1);
    }

    @Test
    void markNotCompared_olderLogGone_losesSilently() throws IOException {
        Path original = RocksDbDamageTest.image(sandbox, temp);
        List<Path> logs = new ArrayList<>(Sandbox.files(original, ".log"));
        logs.removeIf(log -> log.toFile().length() == 0);
        assertThat(logs).hasSizeGreaterThan(1);
        Files.delete(logs.get(logs.size() - 2));
        assertThat(carelessly(original, WALRecoveryMode.TolerateCorruptedTailRecords))
                .isBetween(0, COMMITS - 1);
    }
}
