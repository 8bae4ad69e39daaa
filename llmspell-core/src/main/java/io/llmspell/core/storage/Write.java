package io.llmspell.core.storage;

import io.llmspell.core.error.ArgumentException;
import java.util.List;

/**
 * One part of a batch.
 *
 * <p><b>Threads:</b> immutable.
 */
public sealed interface Write {
    /**
     * The space that the part concerns.
     *
     * @return the space
     */
    Space space();

    /**
     * Stores a value under a key.
     *
     * @param space the space; no log
     * @param key the key
     * @param value the value
     */
    record Put(Space space, Bytes key, Bytes value) implements Write {}

    /**
     * Removes a key; a key that is absent is no error.
     *
     * @param space the space; no log
     * @param key the key
     */
    record Delete(Space space, Bytes key) implements Write {}

    /**
     * Removes all keys of a range that are there when the batch commits.
     *
     * @param space the space
     * @param range the keys
     */
    record DeleteRange(Space space, Range range) implements Write {}

    /**
     * Lets the batch commit only if a key still has a revision, so compare-and-set and optimistic transactions are
     * batches with expectations.
     *
     * @param space the space; no log
     * @param key the key
     * @param revision the revision, 0 for absent
     */
    record Expect(Space space, Bytes key, long revision) implements Write {}

    /**
     * Appends a value to a log. The committer gives the position, which is dense and starts at 1, and writes the value
     * under the position as 8 big-endian bytes. Each index prefix is completed with the position and kept beside the
     * value, so that {@code prefix → positions} can be scanned with {@link StorageReader#index}.
     *
     * @param space the log
     * @param value the value
     * @param indexPrefixes the prefixes, each at most 1 KiB; copied
     * @param chained whether the committer puts the link to the chained append before in front of the value, as
     *     {@link LogChain} says; the store must have {@link Space#META} then
     */
    record Append(Space space, Bytes value, List<Bytes> indexPrefixes, boolean chained) implements Write {
        /**
         * Checks that the space is a log.
         *
         * @param space the log
         * @param value the value
         * @param indexPrefixes the prefixes
         * @param chained whether the committer links it
         * @throws ArgumentException {@code invalid_argument} if it is not
         */
        public Append {
            if (!space.log()) {
                throw new ArgumentException("space of an append", space.name(), "a log");
            }
            indexPrefixes = List.copyOf(indexPrefixes);
        }

        /**
         * An append that is not chained.
         *
         * @param space the log
         * @param value the value
         * @param indexPrefixes the prefixes
         * @throws ArgumentException {@code invalid_argument} if the space is no log
         */
        public Append(Space space, Bytes value, List<Bytes> indexPrefixes) {
            this(space, value, indexPrefixes, false);
        }
    }

    /**
     * Removes one entry of a log's index, for an append that {@link DeleteRange} removes from the log. An index entry
     * that stays behind does no harm but takes room.
     *
     * @param space the log
     * @param indexPrefix the prefix that was given to the append
     * @param position its position
     */
    record Unindex(Space space, Bytes indexPrefix, long position) implements Write {}
}
