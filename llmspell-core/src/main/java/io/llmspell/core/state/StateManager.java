package io.llmspell.core.state;

import io.llmspell.core.identity.Caller;

/**
 * Owns all state.
 *
 * <p><b>Threads:</b> safe.
 */
public interface StateManager extends AutoCloseable {
    /**
     * State with the rights of a caller.
     *
     * @param caller on whose behalf
     * @return a view; cheap, not to be closed
     */
    StateView as(Caller caller);

    /** Refuses further calls; the store below stays open. Idempotent. */
    @Override
    void close();
}
