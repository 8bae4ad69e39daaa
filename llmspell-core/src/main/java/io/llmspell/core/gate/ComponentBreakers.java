package io.llmspell.core.gate;

import io.llmspell.core.identity.Component;

/**
 * Makes the circuit breakers of components; owners of tools and agents ask for one for each.
 *
 * <p><b>Threads:</b> safe.
 */
@FunctionalInterface
public interface ComponentBreakers {
    /**
     * Makes a closed breaker.
     *
     * @param component whose it is, for messages
     * @return the breaker, a new one at each call
     */
    ComponentBreaker of(Component component);
}
