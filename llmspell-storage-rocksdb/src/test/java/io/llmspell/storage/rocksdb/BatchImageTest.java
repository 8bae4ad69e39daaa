package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Bytes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What we hand to RocksDB is byte for byte the batch that it would have made itself. */
class BatchImageTest {
    private static final int FAMILIES = 4;

    private static final int[] LENGTHS = {0, 1, 127, 128, 300, 16_383, 16_384, 70_000};

    @TempDir
    Path folder;

    private final Options options = new Options();
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private final BatchImage image = new BatchImage();
    private RocksDB db;
    private WriteBatch theirs;

    @BeforeEach
    void open() throws RocksDBException {
        NativeLibrary.load();
        options.setCreateIfMissing(true);
        db = RocksDB.open(options, folder.toString());
        families.add(db.getDefaultColumnFamily());
        for (int i = 1; i < FAMILIES; i++) {
            families.add(db.createColumnFamily(new ColumnFamilyDescriptor(new byte[] {'f', (byte) i})));
        }
        theirs = new WriteBatch();
    }

    @AfterEach
    void close() {
        theirs.close();
        families.forEach(ColumnFamilyHandle::close);
        db.close();
        options.close();
    }

    private static Bytes bytes(Random random) {
        byte[] content = new byte[LENGTHS[random.nextInt(LENGTHS.length)]];
        random.nextBytes(content);
        return Bytes.own(content);
    }

    private void addAny(Random random) throws RocksDBException {
        ColumnFamilyHandle family = families.get(random.nextInt(3) == 0 ? 0 : random.nextInt(FAMILIES));
        Bytes one = bytes(random);
        Bytes other = bytes(random);
        switch (random.nextInt(4)) {
            case 0 -> {
                image.put(family.getID(), one, other);
                theirs.put(family, one.toArray(), other.toArray());
            }
            case 1 -> {
                long revision = random.nextLong();
                image.put(family.getID(), one, revision, other);
                byte[] stored = ByteBuffer.allocate(Long.BYTES + other.length())
                        .putLong(revision)
                        .put(other.view())
                        .array();
                theirs.put(family, one.toArray(), stored);
            }
            case 2 -> {
                image.delete(family.getID(), one);
                theirs.delete(family, one.toArray());
            }
            default -> {
                image.deleteRange(family.getID(), one, other);
                theirs.deleteRange(family, one.toArray(), other.toArray());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 50, 300})
    void image_anyRecords_isThatOfRocksDb(int records) throws RocksDBException {
        Random random = new Random(records);
        for (int i = 0; i < records; i++) {
            addAny(random);
        }
        assertThat(image.image()).isEqualTo(theirs.data());
    }

    @Test
    void rollback_toAPoint_leavesWhatWasThere() throws RocksDBException {
        Random random = new Random(3);
        addAny(random);
        byte[] before = theirs.data();
        BatchImage.Point point = image.point();
        addAny(random);
        addAny(random);
        image.rollback(point);
        assertThat(image.image()).isEqualTo(before);
    }

    @Test
    void clear_afterALargeBatch_isEmpty() {
        image.put(0, Bytes.empty(), Bytes.own(new byte[3 << 20]));
        image.clear();
        assertThat(image.image()).isEqualTo(new byte[12]);
    }

    @Test
    void image_writtenToTheStore_isRead() throws RocksDBException {
        ColumnFamilyHandle family = families.get(FAMILIES - 1);
        image.put(family.getID(), Bytes.utf8("a"), Bytes.utf8("1"));
        image.put(family.getID(), Bytes.utf8("b"), Bytes.utf8("2"));
        image.deleteRange(family.getID(), Bytes.utf8("b"), Bytes.utf8("c"));
        try (WriteBatch batch = new WriteBatch(image.image());
                org.rocksdb.WriteOptions how = new org.rocksdb.WriteOptions()) {
            db.write(how, batch);
        }
        assertThat(db.get(family, new byte[] {'a'})).isEqualTo(new byte[] {'1'});
        assertThat(db.get(family, new byte[] {'b'})).isNull();
    }
}
