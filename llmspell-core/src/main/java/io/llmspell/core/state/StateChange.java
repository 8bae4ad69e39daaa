package io.llmspell.core.state;

import io.llmspell.core.json.JsonValueException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One part of an atomic change.
 *
 * <p><b>Threads:</b> immutable.
 */
public sealed interface StateChange {
    /**
     * The key that it concerns.
     *
     * @return the key
     */
    StateKey key();

    /**
     * Stores a value.
     *
     * @param key the key
     * @param json a JSON value
     * @param ttl how long it counts, or null for always
     * @param stateClass its class, or null to infer it from the key
     */
    record Put(
            StateKey key,
            @Nullable Object json,
            @Nullable Duration ttl,
            @Nullable StateClass stateClass) implements StateChange {
        /**
         * Stores a value for always, with the class that its key implies.
         *
         * @param key the key
         * @param json a JSON value
         * @return the change
         */
        public static Put of(StateKey key, @Nullable Object json) {
            return new Put(key, json, null, null);
        }

        /** Without the value, which may be secret. */
        @Override
        public String toString() {
            return "Put[" + key + ", " + JsonValueException.typeName(json) + "]";
        }
    }

    /**
     * Removes a value.
     *
     * @param key the key
     */
    record Delete(StateKey key) implements StateChange {}

    /**
     * Lets the whole change commit only if the key still has a version.
     *
     * @param key the key
     * @param version the version, 0 for absent
     */
    record Check(StateKey key, long version) implements StateChange {}
}
