package io.llmspell.hooks;

import io.llmspell.core.hook.HookResult;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One execution of a composite: a loop that can be left while a child is pending, and entered again. */
sealed interface CompositeRun permits SerialRun, ParallelRun {
    /**
     * Goes on until there is a result or children are pending.
     *
     * @return what to wait for, null if there is a result
     */
    @Nullable CompletableFuture<?> advance();

    /** The result, after {@link #advance} gave null; throws if the composite failed. */
    HookResult result();

    /** Ends the children that are pending, because nobody waits for the composite any longer. */
    void abandon();
}
