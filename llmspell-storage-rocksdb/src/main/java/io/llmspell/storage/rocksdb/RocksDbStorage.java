package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where a durable store lies and how it is opened, such as {@code RocksDbStorage.at(path).createIfMissing()}.
 *
 * <p>Immutable: each method gives a changed copy. The store belongs to one
 * process at a time; others may look at it with {@link #readOnly}. <b>Threads:</b> safe.
 * <b>Errors:</b> see {@link #open}. The guide page {@code docs/guide/storage.md} says what to do about each.
 */
public final class RocksDbStorage implements StorageFactory {
    static final Set<Capability> CAPABILITIES = Set.copyOf(EnumSet.allOf(Capability.class));

    private static final long MIB = 1L << 20;
    static final StoreSettings DEFAULTS =
            new StoreSettings(64 * MIB, 32 * MIB, Duration.ofMillis(100), Compression.ZSTD, false);
    static final Duration SHORTEST_WINDOW = Duration.ofMillis(1);
    static final Duration LONGEST_WINDOW = Duration.ofSeconds(10);

    private final Path folder;
    private final Access access;
    private final StoreSettings settings;

    /** How table files are compressed; the log is not. A store opens whatever its tables were written with. */
    public enum Compression {
        /** Not at all. */
        NONE,
        /** Fast, about half the size of text. */
        LZ4,
        /** Smaller, about a quarter of the size of text, and slower to write. */
        ZSTD
    }

    /** What may be done with the folder. */
    private enum Access {
        READ,
        WRITE,
        CREATE
    }

    private RocksDbStorage(Path folder, Access access, StoreSettings settings) {
        this.folder = folder;
        this.access = access;
        this.settings = settings;
    }

    /**
     * The store in a folder, which must exist unless {@link #createIfMissing} is added.
     *
     * @param folder the data folder
     * @return settings with 64 MiB of block cache and 32 MiB of write buffers
     */
    public static RocksDbStorage at(Path folder) {
        return new RocksDbStorage(folder.toAbsolutePath().normalize(), Access.WRITE, DEFAULTS);
    }

    /**
     * Begins to load the native library on a thread of its own, for a process that will soon open a store and has other
     * things to do before; that saves a third of the time to open it.
     *
     * <p>Returns at once. A failure is told by the first {@link #open}, which loads again.
     */
    public static void preload() {
        Thread thread = new Thread(NativeLibrary::tryLoad, "llmspell-preload");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Lets {@link #open} make the folder and an empty store in it if there is none. Without it a wrong path is an error.
     *
     * @return the changed settings
     */
    public RocksDbStorage createIfMissing() {
        return new RocksDbStorage(folder, Access.CREATE, settings.withLoss(false));
    }

    /**
     * Opens the store beside the process that writes it, or without one, and changes nothing in the folder; in place of
     * {@link #createIfMissing}.
     *
     * <p>Each read sees the newest commit of the writer, over all spaces; a snapshot and a cursor stay as they are, and
     * {@code snapshot().commit()} says how new they are. Every commit ends with {@code store_read_only}, a watch with
     * {@code store_unsupported}. The end of the writer, also by a kill, changes nothing.
     *
     * @return the changed settings
     */
    public RocksDbStorage readOnly() {
        return new RocksDbStorage(folder, Access.READ, settings.withLoss(false));
    }

    /**
     * Lets {@link #open} open a damaged store with what can be saved: whole commits up to the damage. The number of
     * commits that are lost goes to the log and to {@code statistics()} as {@code commits.lost}, -1 if nobody knows it.
     * The folder is changed for good: keep a copy of it, and see first whether a backup has more. In place of
     * {@link #createIfMissing}.
     *
     * @return the changed settings
     */
    public RocksDbStorage acceptLoss() {
        return new RocksDbStorage(folder, Access.WRITE, settings.withLoss(true));
    }

    /**
     * Sets the size of the cache of blocks that were read.
     *
     * @param bytes 1 MiB or more; 64 MiB by default
     * @return the changed settings
     * @throws ArgumentException {@code invalid_argument} if it is smaller
     */
    public RocksDbStorage cacheBytes(long bytes) {
        return new RocksDbStorage(folder, access, settings.withCache(atLeastOneMib("cache size", bytes)));
    }

    /**
     * Sets how much is kept in memory, over all spaces, before it is sorted into table files. The log holds the same
     * data, so nothing is at risk; more makes bulk writes faster and opening after a kill slower.
     *
     * @param bytes 1 MiB or more; 32 MiB by default
     * @return the changed settings
     * @throws ArgumentException {@code invalid_argument} if it is smaller
     */
    public RocksDbStorage writeBufferBytes(long bytes) {
        return new RocksDbStorage(folder, access, settings.withWriteBuffer(atLeastOneMib("write buffer size", bytes)));
    }

    /**
     * Sets how long a buffered commit may stay unsynced, which is what a power cut can take.
     *
     * @param window 1 ms to 10 s; 100 ms by default
     * @return the changed settings
     * @throws ArgumentException {@code invalid_argument} if it is shorter or longer
     */
    public RocksDbStorage syncWindow(Duration window) {
        if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
            throw new ArgumentException("sync window", window.toString(), "1 ms to 10 s");
        }
        return new RocksDbStorage(folder, access, settings.withSyncWindow(window));
    }

    /**
     * Sets how new table files are compressed.
     *
     * @param kind the way; ZSTD by default
     * @return the changed settings
     */
    public RocksDbStorage compression(Compression kind) {
        return new RocksDbStorage(folder, access, settings.withCompression(kind));
    }

    private static long atLeastOneMib(String what, long bytes) {
        if (bytes < MIB) {
            throw new ArgumentException(what, bytes + " bytes", "1 MiB or more");
        }
        return bytes;
    }

    /**
     * The data folder.
     *
     * @return the absolute path
     */
    public Path folder() {
        return folder;
    }

    boolean create() {
        return access == Access.CREATE;
    }

    StoreSettings settings() {
        return settings;
    }

    /**
     * Opens the store.
     *
     * @throws io.llmspell.core.storage.StorageException {@code store_not_found} if there is none and
     *     {@link #createIfMissing} was not said; {@code store_locked} with the process id if another process has it open;
     *     {@code store_read_only} if the folder cannot be written; {@code store_corrupt} with the file or the number of
     *     missing commits if it is damaged; {@code store_too_new} if a newer release wrote it; {@code store_full} or
     *     {@code store_unavailable} if disk space or file descriptors run out
     */
    @Override
    public StorageBackend open(Set<Space> spaces, TimeSource time) {
        return access == Access.READ
                ? RocksDbReader.open(this, Set.copyOf(spaces), time)
                : StoreOpener.open(this, Set.copyOf(spaces), time);
    }

    @Override
    public Optional<Set<Capability>> capabilities() {
        return Optional.of(CAPABILITIES);
    }

    @Override
    public Optional<Path> location() {
        return Optional.of(folder);
    }

    @Override
    public String toString() {
        String how = switch (access) {
            case READ -> ", readOnly]";
            case WRITE -> settings.acceptsLoss() ? ", acceptLoss]" : "]";
            case CREATE -> ", createIfMissing]";
        };
        return "RocksDbStorage[" + folder + how;
    }
}
