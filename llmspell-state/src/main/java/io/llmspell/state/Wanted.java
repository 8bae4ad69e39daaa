package io.llmspell.state;

import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One change as a caller asked for it, or as hooks have left it.
 *
 * @param key the key
 * @param change what happens to it
 * @param json the new value; null if it is removed
 * @param checked whether the value is known to be a JSON value within the limits
 * @param ttl how long the new value counts, or null for always
 * @param stateClass the class of the new value; standard if it is removed
 */
record Wanted(
        StateKey key,
        Change change,
        @Nullable Object json,
        boolean checked,
        @Nullable Duration ttl,
        StateClass stateClass) {
    static Wanted removal(StateKey key, Change change) {
        return new Wanted(key, change, null, true, null, StateClass.STANDARD);
    }

    /** Without the value, which may be secret. */
    @Override
    public String toString() {
        return "Wanted[" + change.id() + " " + key + ", class " + stateClass.id() + "]";
    }

    /** With a value that a hook gave. */
    Wanted with(@Nullable Object other) {
        return new Wanted(key, change, other, false, ttl, stateClass);
    }

    /** With a value that was checked. */
    Wanted withChecked(@Nullable Object other) {
        return new Wanted(key, change, other, true, ttl, stateClass);
    }
}
