package io.llmspell.testing.script;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Something that another thread does. */
record Job<T extends @Nullable Object>(CompletionStage<T> result, Awaiter awaiter, long deadlineNanos) {
    /** Waits for its end; its coded errors come as they are. */
    T end() {
        return awaiter.await(result, deadlineNanos, Cancellation.none());
    }
}
