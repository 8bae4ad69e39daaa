package io.llmspell.bridge;

import io.llmspell.bridge.config.StorageOptions;
import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Sealer;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.storage.KeyRing;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of a runtime, chosen with the first need: those that are configured, else a file beside the store, else, for a
 * store that goes with the process, keys that do so too.
 */
final class RuntimeKeys implements Sealer {
    private final Lazy<KeyRing> ring;
    private volatile Optional<Set<Capability>> store;

    RuntimeKeys(StorageOptions options, StorageFactory factory) {
        Optional<KeyRing> configured = options.keys(); // what is wrong with them shows at the start
        this.store = factory.capabilities();
        this.ring = new Lazy<>(() -> configured.orElseGet(() -> beside(factory.location())));
    }

    /** The store is open; what it can do is known now. */
    void opened(Set<Capability> capabilities) {
        store = Optional.of(capabilities);
    }

    private KeyRing beside(Optional<Path> folder) {
        if (folder.isPresent()) {
            return KeyRing.beside(folder.get());
        }
        return store.map(can -> can.contains(Capability.PERSISTENCE)).orElse(true)
                ? KeyRing.none("the store does not say where it lies; set storage.key_ref to env:NAME or file:PATH")
                : KeyRing.inMemory();
    }

    /** Makes a new active key. */
    String newKey() {
        return ring.get().newKey();
    }

    @Override
    public String activeKey() {
        return ring.get().activeKey();
    }

    @Override
    public byte[] seal(String keyId, byte[] clear, byte[] around) {
        return ring.get().seal(keyId, clear, around);
    }

    @Override
    public byte[] open(String keyId, byte[] sealed, byte[] around) {
        return ring.get().open(keyId, sealed, around);
    }
}
