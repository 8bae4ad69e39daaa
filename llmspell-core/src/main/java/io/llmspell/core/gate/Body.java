package io.llmspell.core.gate;

import io.llmspell.core.identity.Caller;

/**
 * What an operation does.
 *
 * <p><b>Threads:</b> called on the operation's thread.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
@FunctionalInterface
public interface Body<I, O> {
    /**
     * Does the work.
     *
     * @param input the input, after all hooks and checks
     * @param caller the caller inside the operation
     * @return the output, never null
     * @throws Exception any failure; what is not coded is wrapped as {@code internal}
     */
    O run(I input, Caller caller) throws Exception;
}
