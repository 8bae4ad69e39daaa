package io.llmspell.core.state;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The permission of one agent to use a scope that is not its own.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param scope the scope
 * @param agent the agent's id, NFC
 * @param access what is allowed
 * @param by who granted it, such as {@code host}
 * @param expiry when it ends, or null if only a revocation ends it
 */
public record StateGrant(
        Scope scope,
        String agent,
        GrantAccess access,
        String by,
        @Nullable Instant expiry) {
    /**
     * When it ends.
     *
     * @return the time by the clock of the manager, empty if only a revocation ends it
     */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiry);
    }
}
