package io.llmspell.core.state;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * State as one caller may see and change it. Every call passes the gate.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@link StateException}, {@code operation_cancelled} by a hook, and the
 * codes of storage.
 */
public interface StateView extends StateReader {
    /**
     * Applies changes together or not at all.
     *
     * @param changes the changes, at least one
     * @return the commit, or the check that failed
     */
    StateCommit apply(List<StateChange> changes);

    /**
     * Applies changes without blocking the caller.
     *
     * @param changes the changes, at least one
     * @return the commit, or the check that failed
     */
    Mono<StateCommit> applyAsync(List<StateChange> changes);

    /**
     * All values of a scope.
     *
     * @param scope the scope
     * @return key and value in the order of the keys, unmodifiable
     */
    Map<String, StateValue> all(Scope scope);

    /**
     * Removes all keys of a scope.
     *
     * @param scope the scope
     * @return how many there were
     */
    int clear(Scope scope);

    /**
     * Stores a value.
     *
     * @param key the key
     * @param json a JSON value
     * @return the new version
     */
    default long put(StateKey key, @Nullable Object json) {
        return apply(List.of(StateChange.Put.of(key, json))).orThrow().version();
    }

    /**
     * Removes a value.
     *
     * @param key the key
     * @return whether it was there
     */
    boolean delete(StateKey key);
}
