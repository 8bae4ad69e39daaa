package io.llmspell.core.hook;

import io.llmspell.core.concurrent.Handle;

/**
 * A registered hook; closing it unregisters the hook. Losing the handle unregisters nothing.
 *
 * <p><b>Threads:</b> safe. Changes count from the next operation on.
 */
public interface HookHandle extends Handle {
    /**
     * What is registered.
     *
     * @return the present description
     */
    HookInfo info();

    /**
     * Switches the hook on or off without losing its place.
     *
     * @param on whether it runs
     * @return whether it ran before
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} if it is unregistered
     */
    boolean enabled(boolean on);

    /**
     * The figures of the hook.
     *
     * @return the figures of this registration, also after its end
     */
    HookMetrics metrics();

    /**
     * Unregisters the hook.
     *
     * @return true the first time, false later
     */
    boolean unregister();

    @Override
    default void close() {
        unregister();
    }
}
