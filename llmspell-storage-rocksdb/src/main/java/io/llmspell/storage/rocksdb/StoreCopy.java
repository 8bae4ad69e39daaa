package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.ArgumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a copy of an open store that is a store of its own: it opens, and nothing of it changes with the original. */
final class StoreCopy {
    private StoreCopy() {}

    /**
     * Writes the copy; its pointer comes last, so a copy that was cut short is no store.
     *
     * @param store the open database
     * @param commit the newest commit, which stays so until this returns
     * @param target a folder that does not exist
     */
    static void write(NativeStore store, long commit, Path target) {
        if (Files.exists(target)) {
            throw new ArgumentException("checkpoint folder", target.toString(), "a path where nothing is yet");
        }
        boolean whole = false;
        try {
            fill(store, commit, new StoreFolder(target));
            whole = true;
        } catch (IOException e) {
            throw Errors.of(e, "writing a checkpoint", target);
        } finally {
            if (!whole) {
                StoreFolder.discard(target);
            }
        }
    }

    private static void fill(NativeStore store, long commit, StoreFolder copy) throws IOException {
        copy.prepare(true);
        Path generation = copy.generation(true);
        Path db = generation.resolve("db");
        Files.delete(db); // RocksDB wants to make it
        store.checkpoint(db);
        HighWater.create(generation, commit).close();
        copy.finish(generation);
    }
}
