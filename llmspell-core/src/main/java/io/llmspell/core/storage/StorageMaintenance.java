package io.llmspell.core.storage;

import java.nio.file.Path;

/**
 * What only an embedded store can do; a back end that can, implements it beside {@link StorageBackend}.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@link StorageException}.
 */
public interface StorageMaintenance {
    /**
     * Writes a copy of the store as it is at one commit into a folder; writes wait meanwhile, reads do not. The copy opens
     * as a store of its own. It is fast on the same file system, where unchangeable files are linked and not copied.
     *
     * @param folder a folder that does not exist yet
     * @return the newest commit that the copy holds
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if something is at the path already
     */
    long checkpoint(Path folder);

    /**
     * Reads every block of the store and checks its checksum.
     *
     * @throws StorageException {@code store_corrupt} with the first damaged file
     */
    void verify();

    /**
     * Gives back the room of removed entries.
     *
     * @param space the space
     */
    void compact(Space space);
}
