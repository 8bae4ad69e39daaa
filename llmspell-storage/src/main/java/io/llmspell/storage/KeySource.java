package io.llmspell.storage;

import java.util.List;

/** Where a ring has its keys from; called under the lock of the ring. */
interface KeySource {
    /** The keys, the active one first; empty if there are none yet. */
    List<StoreKey> load();

    /**
     * Puts a new key in front; it must last when this returns.
     *
     * @param known the keys that the ring has, none of which may be lost
     * @param only whether it is only for want of a key, so that one which is there by now will do
     * @return the keys that there are now, the active one first
     */
    List<StoreKey> add(List<StoreKey> known, boolean only);

    /** For messages: what the keys come from, such as {@code the key file /data/keys}. */
    String name();
}
