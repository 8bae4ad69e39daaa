package io.llmspell.core.state;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
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
     * Runs a function that reads and changes several keys, and commits what it did if nobody has changed meanwhile what
     * it read. Otherwise it runs again, at most three times. No lock is held while it runs, nor while hooks do.
     *
     * @param work reads and changes; may run several times, so it does nothing else
     * @param <T> what it gives
     * @return what the function gave at the try that was committed
     * @throws StateException {@code state_conflict} if other writers were faster four times
     */
    <T extends @Nullable Object> T transact(Function<StateTransaction, T> work);

    /**
     * Replaces one value by what a function makes of it; a value keeps its class and the rest of its time to live. Among
     * many writers one always gets through, so this is tried for longer than {@link #transact}.
     *
     * @param key the key
     * @param change gives the new JSON value, or null to remove it; gets null for an absent key; may run several times
     * @return the new value
     * @throws StateException {@code state_conflict} if other writers were faster 1,000 times in a row
     */
    @Nullable Object update(StateKey key, UnaryOperator<@Nullable Object> change);

    /**
     * Follows changes in the order of their commits.
     *
     * <p>Told are changes of values that are told as events, so not those of class ephemeral and trusted, and not that a
     * value has expired. The rights of the caller are checked at the subscription and again at each change; hooks that
     * guard reading see each change before the subscriber does and may keep it back.
     *
     * @param watch of what, and from when
     * @return an endless stream on a thread of its own; it ends with {@code limit_exceeded} for a subscriber that does
     *     not keep up, {@code access_denied} when the right is gone, {@code invalid_state} when the manager closes
     */
    Flux<StateUpdate> watch(StateWatch watch);

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
