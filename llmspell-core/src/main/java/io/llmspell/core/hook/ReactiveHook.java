package io.llmspell.core.hook;

import reactor.core.publisher.Mono;

/**
 * Decides at a hook point without blocking.
 *
 * <p><b>Threads:</b> called by several threads at once; the Mono may complete on any thread.
 */
@FunctionalInterface
public interface ReactiveHook {
    /**
     * Decides.
     *
     * @param context the operation; valid until the operation ends
     * @return one decision; empty or an error counts as a failure of the hook
     */
    Mono<HookResult> execute(HookContext context);
}
