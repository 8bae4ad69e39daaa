package io.llmspell.core.storage;

import io.llmspell.core.config.ConfigSection;
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
     * The same back end with configured settings instead of the defaults.
     *
     * @param options the options of the back end, of which it reads those that it knows; the caller refuses the others
     * @return the changed provider
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if a value is wrong
     */
    StorageProvider with(ConfigSection options);

    /**
     * The store in a folder; nothing is opened yet.
     *
     * @param folder the data folder
     * @param create whether a store is made if there is none; otherwise opening fails with {@code store_not_found}
     * @return what opens the store
     */
    StorageFactory at(Path folder, boolean create);
}
