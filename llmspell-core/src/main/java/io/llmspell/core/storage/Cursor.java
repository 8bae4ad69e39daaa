package io.llmspell.core.storage;

import io.llmspell.core.concurrent.Handle;

/**
 * Walks over entries.
 *
 * <p><b>Threads:</b> for one thread at a time; closing is safe from any.
 */
public interface Cursor extends Handle {
    /**
     * Moves to the next entry.
     *
     * @return false at the end
     * @throws StorageException {@code store_closed} if the store was closed meanwhile
     */
    boolean next();

    /**
     * The present entry.
     *
     * @return the entry
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} before the first {@link #next} and
     *     after the end
     */
    Entry entry();
}
