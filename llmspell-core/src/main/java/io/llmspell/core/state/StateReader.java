package io.llmspell.core.state;

import java.util.List;
import java.util.Map;
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

    /**
     * Which of several keys was written last, by the number of its commit and not by a clock.
     *
     * @param keys the keys; of those that one commit wrote the first counts
     * @return the key with its value, or empty if all are absent
     * @throws StateException {@code access_denied}
     */
    default Optional<Map.Entry<StateKey, StateValue>> latest(List<StateKey> keys) {
        Map.Entry<StateKey, StateValue> latest = null;
        for (StateKey key : keys) {
            StateValue value = get(key).orElse(null);
            if (value != null
                    && (latest == null || value.version() > latest.getValue().version())) {
                latest = Map.entry(key, value);
            }
        }
        return Optional.ofNullable(latest);
    }
}
