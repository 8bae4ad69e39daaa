package io.llmspell.storage;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys in a file that only its owner can read; it is replaced as a whole, and synced before a key in it is used. */
final class KeyFile implements KeySource {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
    private static final long LARGEST = 64 << 10;
    private static final String OWNER_ONLY = "rw-------";
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final String HEAD = """
            # The keys of the secrets in a store of LlmSpell: who has this file can read them, without it nobody can.
            # Keep a copy in another place. The first key seals new values, the others open what was sealed before.
            """;

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
            if (Files.size(file) > LARGEST) {
                throw KeyTexts.wrong(name(), "is larger than " + LARGEST + " bytes, so it is no key file");
            }
            warnOfReaders();
            List<StoreKey> keys =
                    KeyTexts.read(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1), name());
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

    private void warnOfReaders() throws IOException {
        if (posix() && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            LOG.warn("{} can be read by other users; make it the owner's alone: chmod 600", name());
        }
    }

    private boolean posix() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    @Override
    public void keep(List<StoreKey> keys) {
        StringBuilder text = new StringBuilder(HEAD);
        keys.forEach(
                key -> text.append(key.id()).append(' ').append(key.secret()).append('\n'));
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, ownerOnly());
            write(fresh, text.toString().getBytes(StandardCharsets.US_ASCII));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (folder != null && posix()) {
                sync(folder);
            }
        } catch (IOException e) {
            throw new StorageException(
                    ErrorCode.STORE_KEY_MISSING,
                    "a new key cannot be kept in " + name() + " ("
                            + e.getClass().getSimpleName()
                            + "), so nothing was sealed with it; make the folder writable or configure another key file",
                    Map.of("source", name()),
                    e);
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

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
