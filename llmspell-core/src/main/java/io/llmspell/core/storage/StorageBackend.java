package io.llmspell.core.storage;

import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A store of binary keys and values in named spaces.
 *
 * <p>All spaces are known when the store opens. One {@link #commit} replaces put, delete, compare-and-set and
 * transaction. <b>Threads:</b> safe; concurrent durable commits may share one sync. <b>Errors:</b>
 * {@link StorageException}; every call after {@link #close} gives {@code store_closed}.
 */
public interface StorageBackend extends StorageReader, AutoCloseable {
    /**
     * What the store can do.
     *
     * @return the capabilities, unmodifiable
     */
    Set<Capability> capabilities();

    /**
     * Commits a batch and returns when it is as durable as its mode.
     *
     * @param batch the writes
     * @return {@link Commit.Done}, or {@link Commit.Conflict} if an expectation failed and nothing was written
     * @throws StorageException {@code store_full}, {@code store_read_only}, {@code store_unavailable} and others; the
     *     batch is then not written
     */
    Commit commit(Batch batch);

    /**
     * Commits a batch without blocking the caller.
     *
     * @param batch the writes
     * @return one element as {@link #commit}; the batch is queued on subscription
     */
    Mono<Commit> commitAsync(Batch batch);

    /**
     * The store as it is now.
     *
     * @return the snapshot; must be closed
     * @throws StorageException {@code store_unsupported} without {@link Capability#SNAPSHOT}
     */
    Snapshot snapshot();

    /**
     * Changes of keys with a prefix, in commit order: first every present entry that is newer than a revision, then
     * each later put. At least once; a removal arrives as an entry with an empty value and the revision of its commit.
     *
     * @param space the space
     * @param prefix the prefix
     * @param fromRevision entries with a larger revision are sent
     * @return an endless stream that ends with {@code store_closed}; a subscriber that does not keep up gets
     *     {@code limit_exceeded} and may subscribe again from its last revision
     */
    Flux<Entry> watch(Space space, Bytes prefix, long fromRevision);

    /**
     * Counters and sizes of the store, by name.
     *
     * @return an unmodifiable snapshot of the figures
     */
    Map<String, Long> statistics();

    /** Brings everything that is buffered to the disk and syncs it. */
    void flush();

    /** Closes the store; running calls end first, later ones are refused. Idempotent. */
    @Override
    void close();
}
