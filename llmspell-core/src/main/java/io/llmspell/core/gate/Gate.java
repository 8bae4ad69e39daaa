package io.llmspell.core.gate;

/**
 * The only way to run an operation: agents, tools, workflows, state and events describe what they do and hand it over.
 *
 * <p><b>Threads:</b> safe.
 */
public interface Gate {
    /**
     * Resolves an operation for its owner, who keeps the passage and calls it.
     *
     * @param operation the definition
     * @param <I> the type of the input
     * @param <O> the type of the output
     * @return the passage
     */
    <I, O> Passage<I, O> passage(Operation<I, O> operation);
}
