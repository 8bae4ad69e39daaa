package io.llmspell.core.state;

import java.util.List;
import java.util.Optional;

/**
 * Reads state with the rights of one caller.
 *
 * <p><b>Threads:</b> safe.
 */
public interface StateReader {
    /**
     * Reads a value.
     *
     * @param key the key
     * @return value and version, or empty
     * @throws StateException {@code access_denied}
     */
    Optional<StateValue> get(StateKey key);

    /**
     * The keys of a scope.
     *
     * @param scope the scope
     * @return the keys in order
     * @throws StateException {@code access_denied}
     */
    List<String> keys(Scope scope);

    /**
     * Whether a key is there.
     *
     * @param key the key
     * @return true if it is
     * @throws StateException {@code access_denied}
     */
    default boolean exists(StateKey key) {
        return get(key).isPresent();
    }
}
