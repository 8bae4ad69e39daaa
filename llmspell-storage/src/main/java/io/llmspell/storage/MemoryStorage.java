package io.llmspell.storage;

import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageFactory;
import java.util.Set;

/**
 * Makes stores that live in the heap: sorted, concurrent, with snapshots, and gone with the process.
 *
 * <p>Every acknowledgement of such a store names {@link io.llmspell.core.storage.WriteMode#MEMORY}, whatever mode was
 * asked for: by choosing this store the caller chose that mode. <b>Threads:</b> safe.
 */
public final class MemoryStorage {
    private MemoryStorage() {}

    /**
     * Makes an empty store.
     *
     * @param spaces all spaces of the store
     * @return the store, to be closed by the caller
     */
    public static StorageBackend create(Set<Space> spaces) {
        return new MemoryStorageBackend(spaces);
    }

    /**
     * The factory form of {@link #create}.
     *
     * @return a factory that makes a new, empty store at each call
     */
    public static StorageFactory factory() {
        return (spaces, time) -> create(spaces);
    }
}
