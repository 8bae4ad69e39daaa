package io.llmspell.core.storage;

/**
 * What a back end can do beyond reading and writing single batches; checked by the managers when they open.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum Capability {
    /** {@link StorageBackend#snapshot} gives a consistent view. */
    SNAPSHOT,
    /** Scans are in key order. */
    ORDER,
    /** A batch may touch several keys and spaces and carry expectations. */
    TRANSACTIONS,
    /** Acknowledged writes survive the process. */
    PERSISTENCE
}
