package io.llmspell.storage;

import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.testing.storage.StorageBackendContract;
import java.util.EnumSet;
import java.util.Set;

class MemoryStorageBackendTest implements StorageBackendContract {
    @Override
    public StorageBackend open() {
        return MemoryStorage.create(SPACES);
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.PERSISTENCE));
    }
}
