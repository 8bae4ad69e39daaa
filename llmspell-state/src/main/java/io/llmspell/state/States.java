package io.llmspell.state;

import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.StorageReader;

/**
 * Makes state managers.
 *
 * <p><b>Threads:</b> safe.
 */
public final class States {
    private States() {}

    /**
     * Begins a manager.
     *
     * @return the builder
     */
    public static StatesBuilder builder() {
        return new StatesBuilder();
    }

    /**
     * Checks that a store's secrets can be opened: for each key that something in it is sealed with, a probe is opened.
     *
     * @param store the store, with {@link io.llmspell.core.storage.Space#META}
     * @param codec the codec with the keys; they are looked at only if the store has secrets
     * @return how many keys the store needs, 0 if it has no secrets
     * @throws io.llmspell.core.storage.StorageException {@code store_key_missing} or {@code store_key_wrong} naming the
     *     key; nothing is changed
     */
    public static int checkKeys(StorageReader store, RecordCodec codec) {
        return KeyProbes.check(store, codec).size();
    }
}
