package io.llmspell.hooks;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.HookResult;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** The answer of a child that comes later, but not later than its deadline. */
final class ChildFuture {
    private ChildFuture() {}

    /**
     * Subscribes to an answer.
     *
     * @param child the child
     * @param answer its answer
     * @param reactive the context of a reactive call, or null
     * @param watchdog enforces the deadline
     * @param began when the child began
     * @return the answer or the error of the child; completing it in any way ends the subscription
     */
    static CompletableFuture<HookResult> of(
            CompositeChild child,
            Mono<HookResult> answer,
            @Nullable ContextView reactive,
            Watchdog watchdog,
            long began) {
        CompletableFuture<HookResult> inner =
                (reactive == null || reactive.isEmpty() ? answer : answer.contextWrite(reactive)).toFuture();
        CompletableFuture<HookResult> outer = new CompletableFuture<>();
        Handle watch = watchdog.watch(
                outer, began + child.guard().deadlineNanos(), () -> outer.completeExceptionally(child.overran()));
        CompletableFuture<?> unusedToo = outer.whenComplete((value, failure) -> {
            watch.close();
            inner.cancel(true);
        });
        CompletableFuture<?> unused = inner.whenComplete((value, failure) -> {
            if (failure == null) {
                outer.complete(value);
            } else {
                outer.completeExceptionally(failure);
            }
        });
        return outer;
    }
}
