package io.llmspell.hooks;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.hook.OperationKind;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one hook.
 *
 * <p><b>Threads:</b> for the thread that calls the {@link HookListener}.
 *
 * @param run the hook, and in which operation
 * @param context makes the context as the hook found it, as a value that can be kept; the metadata is as the hook
 *     left it. To be called before the listener returns.
 * @param result what the hook gave back, null if it gave nothing
 * @param failure why the hook failed or its result was refused, null if it counted
 * @param elapsed how long the hook took to answer
 */
public record HookExecution(
        HookRun run,
        Supplier<HookSnapshot> context,
        @Nullable HookResult result,
        @Nullable LlmSpellException failure,
        Duration elapsed) {
    /**
     * The hook.
     *
     * @return the hook as it was registered
     */
    public HookInfo hook() {
        return run.hook();
    }

    /**
     * The kind of the operation.
     *
     * @return the kind
     */
    public OperationKind kind() {
        return run.kind();
    }
}
