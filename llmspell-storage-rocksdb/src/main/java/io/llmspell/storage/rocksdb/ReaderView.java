package io.llmspell.storage.rocksdb;

import io.llmspell.core.concurrent.Handle;

/**
 * A database as a reader sees it: opened beside the writer, at a commit.
 *
 * <p><b>Threads:</b> {@code holds} under the reader's lock; the rest does not change.
 */
final class ReaderView implements Handle {
    final NativeStore store;
    final StoreFiles files;
    final Children children = new Children();
    private final Scratch scratch;
    private int holds;

    ReaderView(NativeStore store, StoreFiles files, Scratch scratch) {
        this.store = store;
        this.files = files;
        this.scratch = scratch;
    }

    void hold() {
        holds++;
    }

    void release() {
        holds--;
    }

    /** Whether a snapshot relies on the view staying as it is. */
    boolean isHeld() {
        return holds > 0;
    }

    boolean isUsed() {
        return holds > 0 || children.size() > 0;
    }

    /** Frees the database; its cursors first. No lease may be held by a cursor of the view. */
    @Override
    public void close() {
        children.close();
        store.close();
        scratch.close();
    }
}
