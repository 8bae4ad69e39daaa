package io.llmspell.hooks;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How a future ended.
 *
 * @param value its value, null if it failed or was empty
 * @param error its error, null if it succeeded
 */
record Settled<T>(@Nullable T value, @Nullable Throwable error) {
    /** Reads a future that is done; never waits. */
    static <T> Settled<T> of(CompletableFuture<T> done) {
        Settled<T> open = new Settled<>(null, new java.util.concurrent.CancellationException("not done"));
        return done.<Settled<T>>handle((value, error) -> new Settled<>(value, error))
                .getNow(open);
    }
}
