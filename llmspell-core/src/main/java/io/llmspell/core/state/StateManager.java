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

    /**
     * Reads state with the rights of a caller without firing observers: access rules and hooks that fail closed apply.
     * For hooks, whose own reads must not set off more hooks.
     *
     * @param caller on whose behalf
     * @return a reader; cheap, not to be closed
     */
    StateReader reader(Caller caller);

    /**
     * Who may use what, with the rights of a caller.
     *
     * @param caller on whose behalf
     * @return cheap, not to be closed
     */
    StateAccess access(Caller caller);

    /** Refuses further calls; the store below stays open. Idempotent. */
    @Override
    void close();
}
