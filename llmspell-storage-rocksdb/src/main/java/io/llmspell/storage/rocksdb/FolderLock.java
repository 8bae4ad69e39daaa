package io.llmspell.storage.rocksdb;

import io.llmspell.core.concurrent.Handle;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a data folder belong to one opener at a time.
 *
 * <p>An operating-system lock on a byte far behind the end of {@code LOCK} decides, so it goes with its process however
 * that ends; the process id in the file only informs. <b>Threads:</b> safe.
 */
final class FolderLock implements Handle {
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
    private static final Pattern PID = Pattern.compile("pid ([0-9]+)\\s*");

    /**
     * The folders that this process holds. Static, because the thing it mirrors is: the kernel keeps POSIX locks for
     * each process and drops them when the process closes any descriptor of the file, so a second opener in this
     * process must not even touch the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path real;
    private final RandomAccessFile file;
    private final AtomicBoolean released = new AtomicBoolean();

    private FolderLock(Path real, RandomAccessFile file) {
        this.real = real;
        this.file = file;
    }

    static FolderLock acquire(Path folder) {
        Path real;
        try {
            real = folder.toRealPath();
        } catch (IOException e) {
            throw Errors.of(e, Errors.OPENING, folder);
        }
        if (!HELD.add(real)) {
            throw Errors.locked(
                    folder,
                    "this process itself (pid " + ProcessHandle.current().pid() + ")",
                    null);
        }
        boolean held = false;
        try {
            FolderLock lock = lock(folder, real);
            held = true;
            return lock;
        } finally {
            if (!held) {
                HELD.remove(real);
            }
        }
    }

    private static FolderLock lock(Path folder, Path real) {
        try {
            RandomAccessFile file = new RandomAccessFile(real.resolve("LOCK").toFile(), "rw");
            try {
                FileLock lock = file.getChannel().tryLock(LOCKED_BYTE, 1, false);
                if (lock != null) {
                    file.setLength(0);
                    file.write(("pid " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
                    return new FolderLock(real, file);
                }
            } catch (OverlappingFileLockException e) {
                // Held by this process under another class loader: the set of that loader is not ours.
            } catch (IOException e) {
                file.close();
                throw e;
            }
            String holder = holder(file);
            file.close();
            throw Errors.locked(folder, holder, null);
        } catch (IOException e) {
            throw Errors.of(e, "locking the store", folder);
        }
    }

    private static String holder(RandomAccessFile file) throws IOException {
        byte[] text = new byte[64];
        int length = Math.max(0, file.read(text));
        Matcher matcher = PID.matcher(new String(text, 0, length, StandardCharsets.US_ASCII));
        return matcher.matches() ? "another process (pid " + matcher.group(1) + ")" : "another process";
    }

    @Override
    public void close() {
        if (released.compareAndSet(false, true)) {
            try {
                file.close();
            } catch (IOException e) {
                // The kernel drops the lock with the descriptor in any case.
            } finally {
                HELD.remove(real);
            }
        }
    }
}
