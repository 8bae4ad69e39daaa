package io.llmspell.storage;

import java.util.List;

/** Where a ring has its keys from; called under the lock of the ring. */
interface KeySource {
    /** The keys, the active one first; empty if there are none yet. */
    List<StoreKey> load();

    /** Keeps a new key in front of the others; it must last when this returns. */
    void keep(List<StoreKey> keys);

    /** For messages: what the keys come from, such as {@code the key file /data/keys}. */
    String name();
}
