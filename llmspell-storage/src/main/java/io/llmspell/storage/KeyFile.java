package io.llmspell.storage;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys in a file that only its owner can read; it is replaced as a whole, and synced before a key in it is used.
 *
 * <p>Who adds a key holds the lock of a file beside it and reads the keys again, so that processes which share the file
 * lose none of each other's.
 */
final class KeyFile implements KeySource {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
    private static final int LARGEST = 64 << 10;
    private static final String OWNER_ONLY = "rw-------";
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final String HEAD = """
            # The keys of the secrets in a store of LlmSpell: who has this file can read them, without it nobody can.
            # Keep a copy in another place. The first key seals new values, the others open what was sealed before.
            """;

    /** A file can be locked once by a process, and several rings of it may share one. */
    private static final ReentrantLock ADDING = new ReentrantLock();

    private final Path file;

    KeyFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    @Override
    public String name() {
        return "the key file " + file;
    }

    @Override
    public List<StoreKey> load() {
        try {
            warnOfReaders();
            byte[] text = read();
            if (text.length > LARGEST) {
                throw KeyTexts.wrong(name(), "is larger than " + LARGEST + " bytes, so it is no key file");
            }
            List<StoreKey> keys = KeyTexts.read(new String(text, StandardCharsets.ISO_8859_1), name());
            if (keys.isEmpty()) {
                throw KeyTexts.wrong(name(), "has no key");
            }
            return keys;
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (IOException unreadable) {
            throw new StorageException(
                    ErrorCode.STORE_KEY_MISSING,
                    name() + " cannot be read (" + unreadable.getClass().getSimpleName()
                            + "); let the user who runs this read it",
                    Map.of("source", name()),
                    unreadable);
        }
    }

    /** Up to one byte more than a key file may have; what a device says of its size is not to be trusted. */
    private byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LARGEST + 1);
        }
    }

    private void warnOfReaders() throws IOException {
        if (posix() && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            LOG.warn("{} can be read by other users; make it the owner's alone: chmod 600", name());
        }
    }

    private boolean posix() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    @Override
    public List<StoreKey> add(List<StoreKey> known, boolean only) {
        ADDING.lock();
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            RandomAccessFile lock = uninterrupted(this::locked);
            try {
                List<StoreKey> there = load();
                return only && !there.isEmpty() ? there : keep(merged(there, known), folder);
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            throw new StorageException(
                    ErrorCode.STORE_KEY_MISSING,
                    "a new key cannot be kept in " + name() + " ("
                            + e.getClass().getSimpleName()
                            + "), so nothing was sealed with it; make the folder writable or configure another key file",
                    Map.of("source", name()),
                    e);
        } finally {
            ADDING.unlock();
        }
    }

    /** Others may share the file and have added keys since it was read, and it may have been mislaid meanwhile. */
    private static List<StoreKey> merged(List<StoreKey> there, List<StoreKey> known) {
        Map<String, StoreKey> all = new LinkedHashMap<>();
        Stream.of(List.of(StoreKey.random()), there, known)
                .flatMap(List::stream)
                .forEach(key -> all.putIfAbsent(key.id(), key));
        return List.copyOf(all.values());
    }

    /** Closing it ends the lock; the file stays, since another process may be waiting for it. */
    private RandomAccessFile locked() throws IOException {
        Path path = file.resolveSibling(file.getFileName() + ".lock");
        if (!Files.exists(path)) {
            try {
                Files.createFile(path, ownerOnly());
            } catch (FileAlreadyExistsException another) {
                // made by who waits for it or holds it
            }
        }
        RandomAccessFile lock = new RandomAccessFile(path.toFile(), "rw");
        try {
            lock.getChannel().lock();
            return lock;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private List<StoreKey> keep(List<StoreKey> keys, @Nullable Path folder) throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        keys.forEach(
                key -> text.append(key.id()).append(' ').append(key.secret()).append('\n'));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, ownerOnly());
        write(fresh, text.toString().getBytes(StandardCharsets.US_ASCII));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (folder != null && posix()) {
            uninterrupted(() -> sync(folder));
        }
        return keys;
    }

    /** Work on a file. */
    private interface Work<T> {
        T run() throws IOException;
    }

    /** Does what an interrupt of the caller would end, again if one comes meanwhile; the caller keeps it. */
    private static <T> T uninterrupted(Work<T> work) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    return work.run();
                } catch (ClosedByInterruptException | FileLockInterruptionException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return posix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY))
                }
                : new FileAttribute<?>[0];
    }

    /** Not through a channel: an interrupt of the caller would close it. */
    private static void write(Path fresh, byte[] bytes) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(fresh.toFile(), "rw")) {
            out.write(bytes);
            out.getFD().sync();
        }
    }

    private static Path sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
        return folder;
    }
}
