package io.llmspell.hooks;

import java.util.Objects;
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
        if (!done.isCompletedExceptionally()) {
            return new Settled<>(done.getNow(null), null);
        }
        Settled<T> failed = done.<Settled<T>>handle(Settled::new).getNow(null);
        return Objects.requireNonNull(failed, "a future that is done"); // handle runs at once
    }
}
