package io.llmspell.core.storage;

import java.nio.file.Path;

/**
 * Names a back end that keeps its data in a folder; found by {@link java.util.ServiceLoader}.
 *
 * <p><b>Threads:</b> safe.
 */
public interface StorageProvider {
    /**
     * The name of the back end, such as {@code rocksdb}.
     *
     * @return the name, lower case
     */
    String name();

    /**
     * The store in a folder with default settings; nothing is opened yet.
     *
     * @param folder the data folder
     * @param create whether a store is made if there is none; otherwise opening fails with {@code store_not_found}
     * @return what opens the store
     */
    StorageFactory at(Path folder, boolean create);
}
