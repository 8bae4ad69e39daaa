package io.llmspell.core.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a store or a snapshot of it.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@link StorageException}; {@code store_closed} after close.
 */
public interface StorageReader {
    /**
     * Reads one key.
     *
     * @param space the space
     * @param key the key; in a log the position as 8 big-endian bytes
     * @return value and revision, or empty
     */
    Optional<Stored> get(Space space, Bytes key);

    /**
     * Reads several keys.
     *
     * @param space the space
     * @param keys the keys
     * @return one element for each key, in order
     */
    default List<Optional<Stored>> getAll(Space space, List<Bytes> keys) {
        List<Optional<Stored>> found = new ArrayList<>(keys.size());
        for (Bytes key : keys) {
            found.add(get(space, key));
        }
        return found;
    }

    /**
     * Scans a range in key order. The scan sees the store as it was when it began.
     *
     * @param space the space
     * @param range the keys and the direction
     * @return a cursor that must be closed
     */
    Cursor scan(Space space, Range range);

    /**
     * Scans the positions that were appended under an index prefix, in the order of the positions.
     *
     * @param log the log
     * @param prefix the whole prefix that was given to the append
     * @param reverse whether the newest comes first
     * @return a cursor over log entries that must be closed
     */
    Cursor index(Space log, Bytes prefix, boolean reverse);
}
