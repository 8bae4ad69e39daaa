package io.llmspell.storage.rocksdb;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/**
 * The open database with its families: {@code s.<name>} for a space, {@code l.<name>} and {@code i.<name>} for a log and
 * its index, and the default family for what the store knows about itself.
 *
 * <p>Nothing here is guarded: every caller holds a lease of the store's gate, and {@link #close} is called when no lease
 * is left. A value is stored as its revision in 8 bytes and the value behind it.
 */
final class NativeStore implements Handle {
    private static final int DEFAULT = 0;
    private static final Bytes COMMIT = Bytes.utf8("commit");
    private static final String POSITION = "position.";
    private static final long STALL_NANOS = 1_000_000;
    private static final int MOST_WAITS = 2_000;

    private final Path folder;
    private final Tuning tuning;
    private final RocksDB db;
    private final List<ColumnFamilyHandle> handles;
    private final Map<Space, ColumnFamilyHandle> spaces = new HashMap<>();
    private final Map<Space, ColumnFamilyHandle> indexes = new HashMap<>();

    /** The number of each family, which RocksDB's own batches name it by. */
    private final Map<Space, Integer> spaceIds = new HashMap<>();

    private final Map<Space, Integer> indexIds = new HashMap<>();

    private NativeStore(Path folder, Tuning tuning, RocksDB db, List<ColumnFamilyHandle> handles) {
        this.folder = folder;
        this.tuning = tuning;
        this.db = db;
        this.handles = handles;
    }

    /**
     * Opens or makes the database.
     *
     * @param recovery what may be left out
     */
    static NativeStore open(RocksDbStorage settings, Path generation, Recovery recovery, Set<Space> spaces) {
        NativeLibrary.load();
        Tuning tuning = new Tuning(settings.settings(), recovery);
        return open(settings.folder(), generation, tuning, recovery == Recovery.NONE, spaces);
    }

    /**
     * Opens or makes the database with options of its own, which it owns from now on.
     *
     * @param folder the data folder, for the errors
     * @param create whether there is none yet
     */
    static NativeStore open(Path folder, Path generation, Tuning tuning, boolean create, Set<Space> spaces) {
        String path = generation.resolve("db").toString();
        boolean opened = false;
        try {
            List<String> names = names(tuning, path, create, spaces);
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            List<ColumnFamilyDescriptor> families = new ArrayList<>();
            names.forEach(name -> families.add(new ColumnFamilyDescriptor(utf8(name), tuning.family)));
            RocksDB db = RocksDB.open(tuning.database, path, families, handles);
            NativeStore store = new NativeStore(folder, tuning, db, handles);
            store.assign(spaces, names);
            opened = true;
            return store;
        } catch (RocksDBException e) {
            throw Errors.of(e, Errors.OPENING, folder);
        } finally {
            if (!opened) {
                tuning.close();
            }
        }
    }

    /**
     * Opens the database of a writer for reading; spaces that it does not have stay {@link #has absent}.
     *
     * @param scratch an empty folder for this reader alone
     */
    static NativeStore openBeside(RocksDbStorage settings, Path generation, Path scratch, Set<Space> spaces) {
        NativeLibrary.load();
        Tuning tuning = new Tuning(settings.settings(), Recovery.KEEPS_LOGS);
        tuning.beside();
        String path = generation.resolve("db").toString();
        boolean opened = false;
        try {
            List<String> there = names(tuning, path, false, Set.of());
            List<String> names = names(tuning, path, true, spaces).stream()
                    .filter(there::contains)
                    .toList();
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            List<ColumnFamilyDescriptor> families = new ArrayList<>();
            names.forEach(name -> families.add(new ColumnFamilyDescriptor(utf8(name), tuning.family)));
            RocksDB db = RocksDB.openAsSecondary(tuning.database, path, scratch.toString(), families, handles);
            NativeStore store = new NativeStore(settings.folder(), tuning, db, handles);
            store.assign(
                    spaces.stream()
                            .filter(space -> names.contains(family(space)))
                            .collect(Collectors.toSet()),
                    names);
            opened = true;
            return store;
        } catch (RocksDBException e) {
            throw Errors.of(e, Errors.OPENING + " for reading", settings.folder());
        } finally {
            if (!opened) {
                tuning.close();
            }
        }
    }

    /**
     * The oldest log that the tables of a damaged database need, found without changing it; 0 if it cannot be read.
     */
    static long oldestNeededLog(RocksDbStorage settings, Path generation) {
        NativeLibrary.load();
        String path = generation.resolve("db").toString();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (Tuning tuning = new Tuning(settings.settings(), Recovery.TO_THE_DAMAGE)) {
            List<ColumnFamilyDescriptor> families = new ArrayList<>();
            for (String name : names(tuning, path, false, Set.of())) {
                families.add(new ColumnFamilyDescriptor(utf8(name), tuning.family));
            }
            try (RocksDB db = RocksDB.openReadOnly(tuning.database, path, families, handles)) {
                long oldest = db.getLongProperty("rocksdb.min-log-number-to-keep");
                handles.forEach(ColumnFamilyHandle::close);
                return oldest;
            }
        } catch (RocksDBException e) {
            return 0;
        }
    }

    /** Sees what the writer has written meanwhile; only for a store that was opened beside it. */
    void catchUp() {
        try {
            db.tryCatchUpWithPrimary();
        } catch (RocksDBException e) {
            throw Errors.of(e, "catching up with the writer", folder);
        }
    }

    /** The families to open: all that are there, because RocksDB opens all or none, and those of new spaces. */
    private static List<String> names(Tuning tuning, String path, boolean create, Set<Space> spaces)
            throws RocksDBException {
        Set<String> names = new LinkedHashSet<>();
        names.add("default");
        if (!create) {
            for (byte[] name : RocksDB.listColumnFamilies(tuning.listing, path)) {
                names.add(new String(name, StandardCharsets.UTF_8));
            }
        }
        for (Space space : spaces) {
            names.add(family(space));
            if (space.log()) {
                names.add("i." + space.name());
            }
        }
        return List.copyOf(names);
    }

    private static String family(Space space) {
        return (space.log() ? "l." : "s.") + space.name();
    }

    private void assign(Set<Space> wanted, List<String> names) {
        for (Space space : wanted) {
            ColumnFamilyHandle family = handles.get(names.indexOf(family(space)));
            spaces.put(space, family);
            spaceIds.put(space, family.getID());
            if (space.log()) {
                ColumnFamilyHandle index = handles.get(names.indexOf("i." + space.name()));
                indexes.put(space, index);
                indexIds.put(space, index.getID());
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Set<Space> spaces() {
        return spaces.keySet();
    }

    boolean has(Space space) {
        return spaces.containsKey(space);
    }

    ColumnFamilyHandle family(Space space, boolean index) {
        return Objects.requireNonNull((index ? indexes : spaces).get(space), space.name());
    }

    int id(Space space, boolean index) {
        return Objects.requireNonNull((index ? indexIds : spaceIds).get(space), space.name());
    }

    ReadOptions plain() {
        return tuning.read;
    }

    /** How the range is walked. */
    ReadOptions plain(Range range) {
        return Tuning.within(range) ? tuning.prefixed : tuning.read;
    }

    byte @Nullable [] get(ColumnFamilyHandle family, ReadOptions how, Bytes key) {
        try {
            return db.get(family, how, key.toArray());
        } catch (RocksDBException e) {
            throw Errors.of(e, "reading a key", folder);
        }
    }

    /** The revision of a key, 0 if it is absent; copies nothing but the revision. */
    long revision(Space space, Bytes key) {
        byte[] head = new byte[Long.BYTES];
        try {
            int size = db.get(family(space, false), tuning.read, key.toArray(), head);
            return size == RocksDB.NOT_FOUND ? 0 : Bytes.own(head).longAt(0);
        } catch (RocksDBException e) {
            throw Errors.of(e, "reading a revision", folder);
        }
    }

    List<byte @Nullable []> getAll(Space space, List<Bytes> keys) {
        List<byte[]> raw = new ArrayList<>(keys.size());
        List<ColumnFamilyHandle> families = new ArrayList<>(keys.size());
        for (Bytes key : keys) {
            raw.add(key.toArray());
            families.add(family(space, false));
        }
        try {
            return db.multiGetAsList(tuning.read, families, raw);
        } catch (RocksDBException e) {
            throw Errors.of(e, "reading several keys", folder);
        }
    }

    RocksIterator iterator(ColumnFamilyHandle family, ReadOptions how) {
        return db.newIterator(family, how);
    }

    void check(RocksIterator iterator) {
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw Errors.of(e, "scanning a space", folder);
        }
    }

    Snapshot snapshot() {
        return db.getSnapshot();
    }

    void release(Snapshot snapshot) {
        db.releaseSnapshot(snapshot);
    }

    long lastCommit(ReadOptions how) {
        byte[] number = get(db.getDefaultColumnFamily(), how, COMMIT);
        return number == null ? 0 : Bytes.own(number).longAt(0);
    }

    /** Moves the commit number forward, synced. */
    void writeLastCommit(long number) {
        try {
            BatchImage batch = new BatchImage();
            putLastCommit(batch, number);
            write(batch, true);
        } catch (RocksDBException e) {
            throw Errors.of(e, Errors.OPENING, folder);
        }
    }

    static void putLastCommit(BatchImage batch, long number) {
        batch.put(DEFAULT, COMMIT, Bytes.ofLong(number));
    }

    long nextPosition(Space log) {
        byte[] number = get(db.getDefaultColumnFamily(), tuning.read, Bytes.utf8(POSITION + log.name()));
        return number == null ? 1 : Bytes.own(number).longAt(0);
    }

    static void putNextPosition(BatchImage batch, Space log, long position) {
        batch.put(DEFAULT, Bytes.utf8(POSITION + log.name()), Bytes.ofLong(position));
    }

    /**
     * Writes a batch. RocksDB makes writers wait while flushes are behind; with a full disk it would do so for ever, and
     * what it does to recover would wait for the writer. So it is asked not to, and the waiting is done here.
     */
    void write(BatchImage image, boolean sync) throws RocksDBException {
        boolean interrupted = false;
        try (WriteBatch batch = new WriteBatch(image.image())) {
            for (int waits = 1; !tried(batch, sync); waits++) {
                if (waits % MOST_WAITS == 0) {
                    refuseWithoutRoom(); // a flush that is only behind would have come by now
                }
                interrupted |= Thread.interrupted(); // it would end each wait at once
                LockSupport.parkNanos(this, STALL_NANOS);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** False if RocksDB would have made the writer wait; nothing is written then. */
    private boolean tried(WriteBatch batch, boolean sync) throws RocksDBException {
        try {
            db.write(sync ? tuning.synced : tuning.unsynced, batch);
            return true;
        } catch (RocksDBException refused) {
            Status status = refused.getStatus();
            if (status != null && status.getCode() == Status.Code.Incomplete) {
                return false;
            }
            throw refused;
        }
    }

    private void refuseWithoutRoom() {
        try {
            if (Files.getFileStore(folder).getUsableSpace() < tuning.leastRoom) {
                throw Errors.full("writing a batch", folder, null);
            }
        } catch (IOException e) {
            throw Errors.of(e, "looking at the room on the disk", folder);
        }
    }

    void syncLog() {
        try {
            db.syncWal();
        } catch (RocksDBException e) {
            throw Errors.of(e, "syncing the log", folder);
        }
    }

    /** Writes a copy of the database as it is now into a folder that does not exist; links the tables if it can. */
    void checkpoint(Path copy) {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(copy.toString());
        } catch (RocksDBException e) {
            throw Errors.of(e, "writing a checkpoint", folder);
        }
    }

    /** Reads every block of every table and compares its checksum. */
    void verify() {
        try {
            db.verifyChecksum();
        } catch (RocksDBException e) {
            throw Errors.of(e, "verifying the store", folder);
        }
    }

    void compact(Space space) {
        try {
            db.compactRange(family(space, false));
            if (space.log()) {
                db.compactRange(family(space, true));
            }
        } catch (RocksDBException e) {
            throw Errors.of(e, "compacting " + space.name(), folder);
        }
    }

    /** The number of the oldest log that the tables still need. */
    long oldestNeededLog() {
        return figure(null, "rocksdb.min-log-number-to-keep");
    }

    /** A figure that RocksDB keeps, 0 if it does not tell. */
    long figure(@Nullable ColumnFamilyHandle family, String name) {
        try {
            return family == null ? db.getLongProperty(name) : db.getLongProperty(family, name);
        } catch (RocksDBException e) {
            return 0;
        }
    }

    /** The sum of a figure over all families, 0 if RocksDB does not tell. */
    long total(String name) {
        try {
            return db.getAggregatedLongProperty(name);
        } catch (RocksDBException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        db.close();
        tuning.close();
    }
}
