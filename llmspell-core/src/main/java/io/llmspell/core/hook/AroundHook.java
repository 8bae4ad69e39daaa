package io.llmspell.core.hook;

import reactor.core.publisher.Mono;

/**
 * Encloses a whole operation with its checks, for timing, transactions and fallbacks.
 *
 * <p><b>Threads:</b> called by several threads at once; the Mono may complete on any thread.
 */
@FunctionalInterface
public interface AroundHook {
    /**
     * Runs the operation, or answers in its place.
     *
     * @param context the operation
     * @param rest the operation with everything that this hook encloses; to be subscribed at most once
     * @return the outcome
     */
    Mono<Outcome> around(HookContext context, Mono<Outcome> rest);
}
