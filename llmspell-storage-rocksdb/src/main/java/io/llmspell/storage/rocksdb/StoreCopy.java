package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.ArgumentException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;

/**
 * A copy of an open store that is a store of its own: it opens, and nothing of it changes with the original.
 *
 * <p>Its pointer comes last, so a copy that was cut short is no store. Only the database itself must be copied while
 * nothing is written; the folders before and the mark and the pointer behind cost more syncs than that and hold nobody up.
 */
final class StoreCopy {
    private final StoreFolder folder;

    private StoreCopy(StoreFolder folder) {
        this.folder = folder;
    }

    /**
     * Writes a copy.
     *
     * @param target a folder that does not exist
     * @param database writes a copy of the database into a folder that does not exist, and gives its newest commit
     * @return that commit
     */
    static long write(Path target, ToLongFunction<Path> database) {
        claim(target);
        boolean whole = false;
        try {
            long commit = new StoreCopy(new StoreFolder(target)).fill(database);
            whole = true;
            return commit;
        } catch (IOException e) {
            throw Errors.of(e, "writing a checkpoint", target);
        } finally {
            if (!whole) {
                StoreFolder.discard(target);
            }
        }
    }

    /** Makes the folder in one step, so that of two copies to one path the second is refused. */
    private static void claim(Path target) {
        try {
            Path above = target.toAbsolutePath().getParent();
            if (above != null) {
                Files.createDirectories(above);
            }
            Files.createDirectory(target);
        } catch (FileAlreadyExistsException taken) {
            if (Files.exists(target)) {
                throw new ArgumentException("checkpoint folder", target.toString(), "a path where nothing is yet");
            }
            throw Errors.of(taken, "making the folder of a checkpoint", target);
        } catch (IOException e) {
            throw Errors.of(e, "making the folder of a checkpoint", target);
        }
    }

    private long fill(ToLongFunction<Path> database) throws IOException {
        folder.prepare(true);
        Path generation = folder.generation(true);
        Path db = generation.resolve("db");
        Files.delete(db); // RocksDB wants to make it
        long commit = database.applyAsLong(db);
        HighWater.create(generation, commit).close();
        folder.finish(generation);
        return commit;
    }
}
