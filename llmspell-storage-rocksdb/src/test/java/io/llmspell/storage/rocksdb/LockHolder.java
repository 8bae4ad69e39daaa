package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Holds a store open until it is killed. */
final class LockHolder {
    private LockHolder() {}

    /** Arguments: folder, {@code store} or {@code pidfile}. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        if (arguments[1].equals("store")) {
            StorageBackend store =
                    RocksDbStorage.at(folder).createIfMissing().open(Sandbox.SPACES, new SystemTimeSource());
            Sandbox.put(store, WriteMode.DURABLE, 1);
            out.println("open");
            System.in.read();
            store.close();
        } else {
            lockByFile(folder);
            out.println("open");
            System.in.read();
        }
    }

    /** The planted fault: a file that exists is the lock, so a kill leaves it locked. */
    static void lockByFile(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.createFile(folder.resolve("LOCK"));
    }
}
