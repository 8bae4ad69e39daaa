package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageMaintenance;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.time.ManualTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Filters that know the first bytes of keys hide none, whichever way a range lies across what they know. */
class PrefixScanTest {
    private static final int KEYS = 600;
    private static final int RANGES = 500;

    @TempDir
    Path temp;

    private final Random random = new Random(20);
    private final NavigableSet<Bytes> keys = new TreeSet<>();
    private StorageBackend store;

    /** Where the keys lie when they are read. */
    enum Place {
        BUFFER,
        TABLES,
        BOTH
    }

    @BeforeEach
    void open() {
        store = RocksDbStorage.at(temp.resolve("store")).createIfMissing().open(Sandbox.SPACES, new ManualTime());
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Few different bytes, so that many keys share their beginnings; lengths on both sides of what filters know. */
    private Bytes any() {
        byte[] content = new byte[17 + random.nextInt(7)];
        for (int i = 0; i < content.length; i++) {
            boolean tail = i >= 17;
            content[i] = (byte) (tail && random.nextInt(3) == 0 ? 0xFF : random.nextInt(tail ? 3 : i == 0 ? 2 : 1));
        }
        return Bytes.own(content);
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            Bytes key = any();
            keys.add(key);
            store.commit(Batch.of(WriteMode.BUFFERED, new Write.Put(Space.STATE, key, Bytes.utf8("v"))))
                    .orThrow();
        }
    }

    private void intoTables() {
        assertThat(store).isInstanceOf(StorageMaintenance.class);
        ((StorageMaintenance) store).compact(Space.STATE);
    }

    private Range range() {
        Bytes from = any();
        Bytes to = random.nextInt(4) == 0 ? from.prefixEnd() : any();
        Range range = random.nextBoolean() ? Range.prefix(from) : new Range(from, to, false);
        return random.nextInt(4) == 0 ? range.reversed() : range;
    }

    private List<Bytes> expected(Range range) {
        List<Bytes> found = new ArrayList<>();
        for (Bytes key : range.reverse() ? keys.descendingSet() : keys) {
            if (range.contains(key)) {
                found.add(key);
            }
        }
        return found;
    }

    private static List<Bytes> read(Cursor cursor) {
        List<Bytes> found = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                found.add(cursor.entry().key());
            }
        }
        return found;
    }

    @ParameterizedTest
    @EnumSource
    void scan_anyRange_givesWhatAModelGives(Place place) {
        fill(KEYS);
        if (place != Place.BUFFER) {
            intoTables();
        }
        if (place == Place.BOTH) {
            fill(KEYS);
        }
        int notEmpty = 0;
        try (Snapshot snapshot = store.snapshot()) {
            for (int i = 0; i < RANGES; i++) {
                Range range = range();
                List<Bytes> expected = expected(range);
                assertThat(read(store.scan(Space.STATE, range))).as("%s", range).isEqualTo(expected);
                assertThat(read(snapshot.scan(Space.STATE, range)))
                        .as("%s", range)
                        .isEqualTo(expected);
                notEmpty += expected.isEmpty() ? 0 : 1;
            }
        }
        assertThat(notEmpty).isGreaterThan(RANGES / 10);
    }
}
