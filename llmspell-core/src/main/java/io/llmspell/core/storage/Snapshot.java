package io.llmspell.core.storage;

import io.llmspell.core.concurrent.Handle;

/**
 * The store as it was at one commit; later writes do not show.
 *
 * <p><b>Threads:</b> safe. Must be closed, because it holds old data back from being freed.
 */
public interface Snapshot extends StorageReader, Handle {
    /**
     * The newest commit that the snapshot shows.
     *
     * @return the number of the commit, 0 for an empty store
     */
    long commit();
}
