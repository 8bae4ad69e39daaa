package io.llmspell.storage.rocksdb;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Space;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;

/**
 * The open database with its families: {@code s.<name>} for a space, {@code l.<name>} and {@code i.<name>} for a log and
 * its index, and the default family for what the store knows about itself.
 *
 * <p>Nothing here is guarded: every caller holds a lease of the store's gate, and {@link #close} is called when no lease
 * is left. A value is stored as its revision in 8 bytes and the value behind it.
 */
final class NativeStore implements Handle {
    private static final byte[] COMMIT = "commit".getBytes(StandardCharsets.US_ASCII);
    private static final String POSITION = "position.";
    private static final int MAX_KEPT_LOGS = 16;

    private final Path folder;
    private final Tuning tuning;
    private final RocksDB db;
    private final List<ColumnFamilyHandle> handles;
    private final Map<Space, ColumnFamilyHandle> spaces = new HashMap<>();
    private final Map<Space, ColumnFamilyHandle> indexes = new HashMap<>();

    private NativeStore(Path folder, Tuning tuning, RocksDB db, List<ColumnFamilyHandle> handles) {
        this.folder = folder;
        this.tuning = tuning;
        this.db = db;
        this.handles = handles;
    }

    /**
     * Opens or makes the database.
     *
     * @param logs the number of logs that are there. A few are kept at recovery, which makes opening a small store fast;
     *     when there are many, they are turned into tables, because every opening adds one
     */
    static NativeStore open(RocksDbStorage settings, Path generation, boolean create, int logs, Set<Space> spaces) {
        NativeLibrary.load();
        Tuning tuning = new Tuning(settings, create, logs < MAX_KEPT_LOGS);
        String path = generation.resolve("db").toString();
        boolean opened = false;
        try {
            List<String> names = names(tuning, path, create, spaces);
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            List<ColumnFamilyDescriptor> families = new ArrayList<>();
            names.forEach(name -> families.add(new ColumnFamilyDescriptor(utf8(name), tuning.family)));
            RocksDB db = RocksDB.open(tuning.database, path, families, handles);
            NativeStore store = new NativeStore(settings.folder(), tuning, db, handles);
            store.assign(spaces, names);
            opened = true;
            return store;
        } catch (RocksDBException e) {
            throw Errors.of(e, "opening the store", settings.folder());
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
        Tuning tuning = new Tuning(settings, false, true);
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
            throw Errors.of(e, "opening the store for reading", settings.folder());
        } finally {
            if (!opened) {
                tuning.close();
            }
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
            spaces.put(space, handles.get(names.indexOf(family(space))));
            if (space.log()) {
                indexes.put(space, handles.get(names.indexOf("i." + space.name())));
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

    ReadOptions plain() {
        return tuning.read;
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
        byte[] number = get(db.getDefaultColumnFamily(), how, Bytes.own(COMMIT));
        return number == null ? 0 : Bytes.own(number).longAt(0);
    }

    void putLastCommit(WriteBatch batch, long number) throws RocksDBException {
        batch.put(db.getDefaultColumnFamily(), COMMIT, Bytes.ofLong(number).toArray());
    }

    long nextPosition(Space log) {
        byte[] number = get(db.getDefaultColumnFamily(), tuning.read, Bytes.utf8(POSITION + log.name()));
        return number == null ? 1 : Bytes.own(number).longAt(0);
    }

    void putNextPosition(WriteBatch batch, Space log, long position) throws RocksDBException {
        byte[] key = utf8(POSITION + log.name());
        batch.put(db.getDefaultColumnFamily(), key, Bytes.ofLong(position).toArray());
    }

    void write(WriteBatch batch, boolean sync) throws RocksDBException {
        db.write(sync ? tuning.synced : tuning.unsynced, batch);
    }

    void syncLog() {
        try {
            db.syncWal();
        } catch (RocksDBException e) {
            throw Errors.of(e, "syncing the log", folder);
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

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        db.close();
        tuning.close();
    }
}
