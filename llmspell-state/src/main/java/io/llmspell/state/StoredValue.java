package io.llmspell.state;

import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A value of a store as somebody may see it who only looks at the store.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param key the key
 * @param json the value, a JSON value in which secrets are masked
 * @param masked whether something is
 * @param stateClass its class
 * @param version the number of the commit that wrote it
 * @param expiresAt when it stops to count, or null for never
 * @param bytes the size of its record in bytes
 */
public record StoredValue(
        StateKey key,
        @Nullable Object json,
        boolean masked,
        StateClass stateClass,
        long version,
        @Nullable Instant expiresAt,
        int bytes) {
    /**
     * Takes the members as they are.
     *
     * @param key the key
     * @param json the masked value
     * @param masked whether something is masked
     * @param stateClass its class
     * @param version the number of its commit
     * @param expiresAt when it stops to count, or null
     * @param bytes the size of its record in bytes
     */
    public StoredValue {}
}
