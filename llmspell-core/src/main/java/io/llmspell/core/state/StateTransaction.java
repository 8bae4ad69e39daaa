package io.llmspell.core.state;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes of one try of {@link StateView#transact}, over as many scopes as the caller may use.
 *
 * <p>What is read is noted and must still stand at the commit; what is changed is collected and seen by later reads of the
 * same transaction. It ends with the function that it was given to. <b>Threads:</b> for one thread.
 */
public interface StateTransaction {
    /**
     * Reads a value, as this transaction has left it.
     *
     * @param key the key
     * @return value and version, or empty; a value of this transaction has version 0
     * @throws StateException {@code access_denied}
     */
    Optional<StateValue> get(StateKey key);

    /**
     * Adds a change; of several changes of a key the last one counts, and a check counts in any case.
     *
     * @param change the change
     */
    void apply(StateChange change);

    /**
     * Stores a value.
     *
     * @param key the key
     * @param json a JSON value
     */
    default void put(StateKey key, @Nullable Object json) {
        apply(StateChange.Put.of(key, json));
    }

    /**
     * Removes a value.
     *
     * @param key the key
     */
    default void delete(StateKey key) {
        apply(new StateChange.Delete(key));
    }

    /**
     * What the transaction would commit now.
     *
     * @return the checks of what was read, then the changes
     */
    List<StateChange> changes();
}
