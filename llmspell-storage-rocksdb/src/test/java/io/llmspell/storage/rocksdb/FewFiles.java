package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Uses a store while the process has no file descriptor left, in a process of its own, whose limit is low. Exit code 0 if
 * every call ended in the right way and nothing acknowledged is lost.
 */
final class FewFiles {
    private static final int MOST = 3_000;

    private FewFiles() {}

    /** Arguments: folder, {@code right} or {@code raw}. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        boolean raw = arguments[1].equals("raw");
        try (SystemTimeSource time = new SystemTimeSource()) {
            RocksDbStorage small = RocksDbStorage.at(folder).createIfMissing().writeBufferBytes(1 << 20);
            int acknowledged = 0;
            List<Closeable> taken = new ArrayList<>();
            try (StorageBackend store = small.open(Sandbox.SPACES, time)) {
                Sandbox.put(store, WriteMode.DURABLE, ++acknowledged);
                loadClasses();
                takeAll(taken);
                while (acknowledged < MOST && wrote(store, acknowledged + 1)) {
                    acknowledged++;
                }
                expect(Sandbox.present(store, acknowledged) == acknowledged, "reading goes on");
                Path other = folder.resolveSibling("other");
                expectUnavailable(() -> raw
                        ? libraryException(other)
                        : RocksDbStorage.at(other).createIfMissing().open(Sandbox.SPACES, time));
                for (Closeable each : taken) {
                    each.close();
                }
            }
            try (StorageBackend again = small.open(Sandbox.SPACES, time)) {
                expect(Sandbox.present(again, acknowledged) == acknowledged, "all is there");
                Sandbox.put(again, WriteMode.DURABLE, acknowledged + 1);
            }
        }
    }

    /** A class that is first needed later could not be loaded from a folder without a descriptor. */
    private static void loadClasses() throws IOException {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path root = Path.of(entry);
            if (Files.isDirectory(root.resolve("io/llmspell"))) {
                try (Stream<Path> found = Files.walk(root.resolve("io/llmspell"))) {
                    for (Path each : found.filter(file -> file.toString().endsWith(".class"))
                            .toList()) {
                        load(root.relativize(each).toString().replace(File.separatorChar, '.'));
                    }
                }
            }
        }
    }

    private static void load(String file) {
        try {
            Class.forName(file.substring(0, file.length() - ".class".length()));
        } catch (ClassNotFoundException | LinkageError unneeded) {
            // A class of other tests, whose libraries are not here.
        }
    }

    private static void takeAll(List<Closeable> taken) {
        try {
            for (int i = 0; i < 10_000; i++) {
                taken.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException none) {
            return;
        }
        throw new IllegalStateException("the limit of open files is not low");
    }

    private static boolean wrote(StorageBackend store, long key) {
        try {
            Sandbox.put(store, WriteMode.DURABLE, key);
            if (key % 500 == 0) {
                store.flush();
            }
            return true;
        } catch (StorageException refused) {
            expect(refused.code().equals(ErrorCode.STORE_UNAVAILABLE), refused.toString());
            return false;
        }
    }

    private static void expectUnavailable(Supplier<StorageBackend> opening) {
        try {
            opening.get().close();
        } catch (StorageException refused) {
            expect(refused.code().equals(ErrorCode.STORE_UNAVAILABLE), refused.toString());
            expect(refused.text().contains("ulimit -n"), refused.toString());
            return;
        }
        throw new IllegalStateException("a store opened without a descriptor");
    }

    /** The planted fault: what the library says reaches the user as it is. */
    private static StorageBackend libraryException(Path folder) {
        try (Options options = new Options().setCreateIfMissing(true)) {
            RocksDB.open(options, folder.toString()).close();
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException("opened without a descriptor");
    }

    private static void expect(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException(what);
        }
    }
}
