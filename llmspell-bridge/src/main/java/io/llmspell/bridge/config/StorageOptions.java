package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.storage.StorageProvider;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.MemoryStorage;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code [storage]}: which back end keeps state, its own options, and where the keys of secrets are.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class StorageOptions {
    static final StorageOptions DEFAULT = new StorageOptions(Backend.ROCKSDB, Mode.DURABLE, null, null);

    private final Backend backend;
    private final Mode mode;
    private final @Nullable StorageProvider provider;
    private final @Nullable KeyReference keys;

    /** The back ends by their names in the configuration. */
    private enum Backend {
        ROCKSDB,
        MEMORY
    }

    /** What an acknowledged change has survived, on the disk. */
    private enum Mode {
        DURABLE,
        BUFFERED
    }

    private StorageOptions(
            Backend backend, Mode mode, @Nullable StorageProvider provider, @Nullable KeyReference keys) {
        this.backend = backend;
        this.mode = mode;
        this.provider = provider;
        this.keys = keys;
    }

    static StorageOptions from(ConfigSection section) {
        Backend backend = section.choice("backend", Backend.ROCKSDB);
        Mode mode = Mode.DURABLE;
        StorageProvider provider = null;
        KeyReference keys = KeyReference.from(section, "key_ref");
        if (backend == Backend.ROCKSDB && !section.names().isEmpty()) {
            mode = section.choice("write_mode", Mode.DURABLE);
            provider = load(backend).with(section);
        }
        boolean configured = !section.names().isEmpty();
        section.end();
        return configured ? new StorageOptions(backend, mode, provider, keys) : DEFAULT;
    }

    private static StorageProvider load(Backend backend) {
        String name = backend.name().toLowerCase(Locale.ROOT);
        for (StorageProvider each : ServiceLoader.load(StorageProvider.class)) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw ConfigException.missingArtifact("the storage back end " + name, "io.llmspell:llmspell-storage-" + name);
    }

    /** Whether the back end on the disk was asked for. */
    boolean configured() {
        return provider != null;
    }

    /**
     * Whether the configuration says nothing of the store.
     *
     * @return true for the back end on the disk with its own defaults
     */
    public boolean isDefault() {
        return backend == Backend.ROCKSDB && provider == null;
    }

    /**
     * Whether state is kept in a folder.
     *
     * @return false if it is kept in the heap
     */
    public boolean persistent() {
        return backend != Backend.MEMORY;
    }

    /**
     * What an acknowledged change of state or of an agent has survived; a store in the heap says by itself that it keeps
     * nothing.
     *
     * @return durable unless buffered is configured
     */
    public WriteMode writeMode() {
        return mode == Mode.DURABLE ? WriteMode.DURABLE : WriteMode.BUFFERED;
    }

    /**
     * The keys of secrets that are configured.
     *
     * @return the keys of {@code key_ref}, empty if it is not set
     * @throws io.llmspell.core.storage.StorageException {@code store_key_missing} if its variable is not set,
     *     {@code store_key_wrong} if what it holds is no key
     */
    public Optional<KeyRing> keys() {
        return Optional.ofNullable(keys).map(KeyReference::ring);
    }

    /**
     * What opens the store.
     *
     * @param folder the data folder; unused by a store in the heap
     * @param create whether a store is made if there is none
     * @return what opens it
     * @throws ConfigException {@code missing_artifact} if the back end is not on the class path
     */
    public StorageFactory at(Path folder, boolean create) {
        if (backend == Backend.MEMORY) {
            return MemoryStorage.factory();
        }
        return (provider == null ? load(backend) : provider).at(folder, create);
    }
}
