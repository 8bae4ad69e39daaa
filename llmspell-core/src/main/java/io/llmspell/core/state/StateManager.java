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
     * Seals again what is sealed with other keys than the active one, a few records at a time, while reads and writes
     * go on. Each such value gets a new version. Other keys are needed until it has returned once in a process that
     * never sealed with them.
     *
     * @param caller on whose behalf; the host or the runtime
     * @return how many values were sealed again
     * @throws StateException {@code access_denied} for others
     */
    int reseal(Caller caller);

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
