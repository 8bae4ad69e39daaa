package io.llmspell.core.storage;

import java.util.List;

/**
 * How a batch ended.
 *
 * <p><b>Threads:</b> immutable.
 */
public sealed interface Commit {
    /**
     * The batch was written.
     *
     * @param number the number of the commit, from 1, without gaps in one generation
     * @param positions the log positions of the batch's appends, in the order of the appends
     * @param mode what the acknowledgement means
     */
    record Done(long number, List<Long> positions, WriteMode mode) implements Commit {
        /**
         * Copies the positions.
         *
         * @param number the number of the commit
         * @param positions the log positions
         * @param mode what the acknowledgement means
         */
        public Done {
            positions = List.copyOf(positions);
        }
    }

    /**
     * An expectation failed; nothing was written.
     *
     * @param space the space of the key
     * @param key the key
     * @param actual its present revision, 0 for absent
     */
    record Conflict(Space space, Bytes key, long actual) implements Commit {}

    /**
     * The commit, if the batch had no expectation that can fail.
     *
     * @return the commit
     * @throws StorageException {@code state_conflict} if an expectation failed
     */
    default Done orThrow() {
        if (this instanceof Done done) {
            return done;
        }
        Conflict conflict = (Conflict) this;
        throw StorageException.conflict(conflict);
    }
}
