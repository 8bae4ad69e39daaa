package io.llmspell.storage.rocksdb;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.net.URI;
import java.net.URL;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the native part of RocksDB out of a folder in the user's cache, where it is unpacked once for each release;
 * RocksDB itself would unpack 17 MB at each start of a process.
 *
 * <p>The folder is named after size and checksum of the library in the jar and belongs to the user alone; if it cannot
 * be made or is not safe, RocksDB loads in its own way. The system property {@code llmspell.native.folder} names another
 * place. <b>Threads:</b> safe; RocksDB loads once.
 */
final class NativeLibrary {
    private NativeLibrary() {}

    /** Made with the first message: most starts have none, and the library is what they wait for. */
    private static final class Log {
        private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    }

    /** Loads it ahead of time; what goes wrong shows when a store is opened. */
    static void tryLoad() {
        try {
            load();
        } catch (RuntimeException | LinkageError e) {
            Log.LOG.debug("the native library is not loaded ahead of time", e);
        }
    }

    static synchronized void load() {
        tellLibc();
        Path folder = null;
        try {
            folder = unpacked();
        } catch (IOException | SecurityException | UnsupportedOperationException e) {
            Log.LOG.debug("the native library is loaded without the cache", e);
        }
        if (folder != null) {
            RocksDB.loadLibrary(List.of(folder.toString()));
        } else {
            RocksDB.loadLibrary();
        }
    }

    /**
     * Tells RocksDB which C library this process runs on. To find out, RocksDB would start a shell with {@code ldd},
     * which takes 100 ms, more than all the rest of opening a store. If the field is gone, it does just that.
     */
    private static void tellLibc() {
        try (InputStream maps = new FileInputStream("/proc/self/maps")) {
            boolean musl = new String(maps.readAllBytes(), StandardCharsets.ISO_8859_1).contains("musl");
            // Field.set would make classes at run time, 7 ms of a start; a variable handle is there already.
            MethodHandles.privateLookupIn(Environment.class, MethodHandles.lookup())
                    .findStaticVarHandle(Environment.class, "MUSL_LIBC", Boolean.class)
                    .set(Boolean.valueOf(musl));
        } catch (IOException | ReflectiveOperationException | RuntimeException e) {
            Log.LOG.debug("RocksDB finds out itself which C library there is", e);
        }
    }

    private static @Nullable Path unpacked() throws IOException {
        File jar = jar();
        return jar == null ? null : unpacked(jar);
    }

    /** The jar of RocksDB. A search for the library through the class loader would open every jar before it. */
    private static @Nullable File jar() {
        CodeSource source = RocksDB.class.getProtectionDomain().getCodeSource();
        URL place = source == null ? null : source.getLocation();
        if (place == null || !place.getProtocol().equals("file")) {
            return null;
        }
        File file = new File(URI.create(place.toString()));
        return file.isFile() ? file : null;
    }

    private static @Nullable Path unpacked(File file) throws IOException {
        try (ZipFile jar = new ZipFile(file)) {
            ZipEntry entry = jar.getEntry(Environment.getJniLibraryFileName("rocksdb"));
            return entry == null ? null : unpacked(jar, entry);
        }
    }

    private static @Nullable Path unpacked(ZipFile jar, ZipEntry entry) throws IOException {
        Path folder = cache().resolve("rocksdb-" + Long.toHexString(entry.getCrc()) + "-" + entry.getSize());
        Path library = folder.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        if (!safe(folder)) {
            return null;
        }
        if (!Files.isRegularFile(library, LinkOption.NOFOLLOW_LINKS) || Files.size(library) != entry.getSize()) {
            unpack(jar, entry, library);
        }
        return folder;
    }

    private static Path cache() {
        String chosen = System.getProperty("llmspell.native.folder");
        if (chosen != null) {
            return Path.of(chosen).toAbsolutePath();
        }
        String home = System.getProperty("user.home", ".");
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String variable = System.getenv(os.startsWith("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
        Path base;
        if (variable != null && Path.of(variable).isAbsolute()) {
            base = Path.of(variable);
        } else {
            base = Path.of(home, os.startsWith("mac") ? "Library/Caches" : ".cache");
        }
        return base.resolve("llmspell").resolve("native");
    }

    /** Makes the folder for its owner alone, and refuses one that somebody else could have filled. */
    private static boolean safe(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(folder);
            return true;
        }
        if (!Files.exists(folder)) {
            Set<PosixFilePermission> mine = PosixFilePermissions.fromString("rwx------");
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(mine));
        }
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
        return !rights.contains(PosixFilePermission.GROUP_WRITE)
                && !rights.contains(PosixFilePermission.OTHERS_WRITE)
                && Files.getOwner(folder).getName().equals(System.getProperty("user.name"));
    }

    private static void unpack(ZipFile jar, ZipEntry entry, Path library) throws IOException {
        Path beside = Files.createTempFile(library.getParent(), "unpacking", ".tmp");
        try {
            try (InputStream in = jar.getInputStream(entry);
                    FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                in.transferTo(out);
                channel.force(true);
            }
            Files.move(beside, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
