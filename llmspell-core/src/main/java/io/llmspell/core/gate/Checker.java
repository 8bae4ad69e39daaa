package io.llmspell.core.gate;

import io.llmspell.core.identity.Caller;

/**
 * A check that an owner makes within its operation.
 *
 * <p><b>Threads:</b> called on the operation's thread.
 *
 * @param <I> the type of the operation's input
 */
@FunctionalInterface
public interface Checker<I> {
    /**
     * Checks the input.
     *
     * @param input the input
     * @param caller the caller
     * @return the input, or a copy with what the check found or reserved
     * @throws io.llmspell.core.error.LlmSpellException if the operation must not run
     */
    I check(I input, Caller caller);
}
