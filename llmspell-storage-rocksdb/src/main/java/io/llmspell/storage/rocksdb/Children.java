package io.llmspell.storage.rocksdb;

import io.llmspell.core.concurrent.Handle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open iterators and snapshots of a store, so that closing the store can free what users forgot.
 *
 * <p><b>Threads:</b> safe; {@link #close} when no lease is left.
 */
final class Children implements Handle {
    /** A native object that must be freed before the database. */
    interface Child {
        /** Frees the native object; idempotent. The caller holds a lease, or no lease is left at all. */
        void free();
    }

    private final Set<Child> open = ConcurrentHashMap.newKeySet();

    void add(Child child) {
        open.add(child);
    }

    void remove(Child child) {
        open.remove(child);
    }

    int size() {
        return open.size();
    }

    /** Frees cursors before the snapshots that they read. */
    @Override
    public void close() {
        open.stream().filter(RocksDbCursor.class::isInstance).forEach(Child::free);
        open.forEach(Child::free);
        open.clear();
    }
}
