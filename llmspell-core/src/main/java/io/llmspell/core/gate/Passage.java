package io.llmspell.core.gate;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import reactor.core.publisher.Mono;

/**
 * Runs one kind of operation through its hooks.
 *
 * <p><b>Threads:</b> safe; no lock is held while hooks, checks or the body run.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
public interface Passage<I, O> {
    /**
     * Runs the operation on the calling thread.
     *
     * @param component what runs
     * @param input the input
     * @param caller on whose behalf
     * @return the output
     * @throws OperationCancelledException {@code operation_cancelled} if a hook vetoed it
     * @throws io.llmspell.core.error.LlmSpellException any coded error of checks, hooks or body
     */
    O call(Component component, I input, Caller caller);

    /**
     * Runs the operation without blocking, once for each subscriber.
     *
     * @param component what runs
     * @param input the input
     * @param caller on whose behalf
     * @return one output, or the errors of {@link #call}
     */
    Mono<O> callAsync(Component component, I input, Caller caller);

    /**
     * Whether {@link #call} would do nothing now but run the body: no hook, no check, nothing that is measured or
     * cancelled. An owner whose body only hands out what is in memory may then do so without the call.
     *
     * @param caller on whose behalf
     * @return false unless the gate knows better
     */
    default boolean idle(Caller caller) {
        return false;
    }
}
