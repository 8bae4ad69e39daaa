package io.llmspell.core.storage;

import java.nio.file.Path;

/**
 * What only an embedded store can do; a back end that can, implements it beside {@link StorageBackend}.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@link StorageException}.
 */
public interface StorageMaintenance {
    /**
     * Writes a consistent copy of the store into a folder while writes go on.
     *
     * @param folder a folder that does not exist yet, on the same file system
     * @return the newest commit that the copy holds
     */
    long checkpoint(Path folder);

    /** Reads every block of the store and checks its checksum. */
    void verify();

    /**
     * Gives back the room of removed entries.
     *
     * @param space the space
     */
    void compact(Space space);
}
