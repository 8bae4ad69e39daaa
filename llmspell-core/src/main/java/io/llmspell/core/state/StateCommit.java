package io.llmspell.core.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.WriteMode;
import java.util.Map;

/**
 * How a change ended.
 *
 * <p><b>Threads:</b> immutable.
 */
public sealed interface StateCommit {
    /**
     * The change was committed.
     *
     * @param version the version of everything in it
     * @param mode what the acknowledgement means
     */
    record Done(long version, WriteMode mode) implements StateCommit {}

    /**
     * A check failed; nothing was changed.
     *
     * @param key the key
     * @param actual its present version, 0 for absent
     */
    record Conflict(StateKey key, long actual) implements StateCommit {
        /**
         * The conflict as an error.
         *
         * @return the error, code {@code state_conflict}, details {@code key} and {@code actual}
         */
        public StateException error() {
            return new StateException(
                    ErrorCode.STATE_CONFLICT,
                    "another writer was first: " + key + " now has version " + actual + "; read it again",
                    Map.of("key", key.toString(), "actual", actual),
                    null);
        }
    }

    /**
     * The commit, or the error.
     *
     * @return the commit
     * @throws StateException {@code state_conflict}
     */
    default Done orThrow() {
        if (this instanceof Done done) {
            return done;
        }
        throw ((Conflict) this).error();
    }
}
