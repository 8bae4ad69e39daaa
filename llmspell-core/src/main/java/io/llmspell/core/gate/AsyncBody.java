package io.llmspell.core.gate;

import io.llmspell.core.identity.Caller;
import reactor.core.publisher.Mono;

/**
 * What an operation does when it is called without blocking.
 *
 * <p><b>Threads:</b> called on the operation's thread; the Mono may complete on any.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
@FunctionalInterface
public interface AsyncBody<I, O> {
    /**
     * Does the work.
     *
     * @param input the input, after all hooks and checks
     * @param caller the caller inside the operation
     * @return one output
     */
    Mono<O> run(I input, Caller caller);
}
