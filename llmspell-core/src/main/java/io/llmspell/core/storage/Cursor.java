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
     * Moves to the next entry as {@link #next()} does, for a caller who wants to see how values begin: a store need not
     * fetch the rest.
     *
     * @param most how many bytes of the value {@link #begin} has to show, from 0
     * @return false at the end
     * @throws StorageException {@code store_closed} if the store was closed meanwhile
     */
    default boolean next(int most) {
        return next();
    }

    /**
     * The present entry, whose value may be cut behind the bytes that {@link #next(int)} was asked for; {@link #entry} has
     * the whole.
     *
     * @return the entry
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} before the first {@link #next} and
     *     after the end
     */
    default Entry begin() {
        return entry();
    }

    /**
     * The present entry, whole.
     *
     * @return the entry
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} before the first {@link #next} and
     *     after the end
     */
    Entry entry();
}
