package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens a data folder for reading: pointer, mark, database, proof that nothing is missing; takes no lock.
 *
 * <p>RocksDB reads the list of tables first and the logs then. If the writer turns a log into tables and removes it
 * between the two, or while a view catches up, the spaces show different commits. So a view counts only if the files
 * stayed the same all the while; if they did not, another one is opened.
 */
final class ReaderOpener {
    private static final int ATTEMPTS = 50;

    private final RocksDbStorage settings;
    private final Set<Space> spaces;

    ReaderOpener(RocksDbStorage settings, Set<Space> spaces) {
        this.settings = settings;
        this.spaces = spaces;
    }

    Path folder() {
        return settings.folder();
    }

    Set<Space> spaces() {
        return spaces;
    }

    /** The present files of a view's database, or null while they change. */
    @Nullable StoreFiles files() {
        try {
            return StoreFiles.of(new StoreFolder(folder()).existing().resolve("db"));
        } catch (IOException e) {
            throw Errors.of(e, "reading the store", folder());
        }
    }

    /** A view of the newest commit. */
    ReaderView open() {
        StorageException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                ReaderView view = attempt();
                if (view != null) {
                    return view;
                }
            } catch (StorageException failed) {
                if (!mayBeARace(failed)) {
                    throw failed;
                }
                last = failed;
            } catch (IOException e) {
                throw Errors.of(e, Errors.OPENING + " for reading", folder());
            }
        }
        throw last != null
                ? last
                : Errors.unavailable("reading the store", folder(), "its writer changes the files all the time", null);
    }

    /** A file that the writer removes after it was listed makes the opening fail. */
    private static boolean mayBeARace(StorageException failed) {
        return failed.code().equals(ErrorCode.STORE_CORRUPT) || failed.code().equals(ErrorCode.STORE_UNAVAILABLE);
    }

    private @Nullable ReaderView attempt() throws IOException {
        Path generation = new StoreFolder(folder()).existing();
        HighWater.Mark mark = HighWater.peek(generation);
        if (mark == null) {
            throw Errors.corrupt(
                    folder(), "the high-water mark is missing or damaged, so losses could not be seen", null);
        }
        StoreFiles before = StoreFiles.of(generation.resolve("db"));
        Scratch scratch = Scratch.create();
        NativeStore store = null;
        boolean kept = false;
        try {
            store = NativeStore.openBeside(settings, generation, scratch.folder(), spaces);
            check(mark.commit(), store.lastCommit(store.plain()));
            kept = before != null && before.equals(StoreFiles.of(generation.resolve("db")));
            return kept && before != null ? new ReaderView(store, before, scratch) : null;
        } finally {
            if (!kept) {
                undo(scratch, store);
            }
        }
    }

    private void check(long least, long commit) {
        if (commit < least) {
            throw Errors.corrupt(
                    folder(),
                    (least - commit) + " commits are missing: it ends at commit " + commit + ", but commit " + least
                            + " was on the disk",
                    null);
        }
    }

    private static void undo(Scratch scratch, @Nullable NativeStore store) {
        if (store != null) {
            store.close();
        }
        scratch.close();
    }
}
