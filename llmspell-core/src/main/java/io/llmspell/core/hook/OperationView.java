package io.llmspell.core.hook;

import io.llmspell.core.error.LlmSpellException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A running operation: what it is, what it got and what came out so far.
 *
 * <p><b>Threads:</b> for the thread that runs the hook.
 */
public interface OperationView {
    /**
     * The kind.
     *
     * @return the kind
     */
    OperationKind kind();

    /**
     * The id, made when first asked for.
     *
     * @return a time-ordered UUID as text
     */
    String id();

    /**
     * The present input, as a JSON value.
     *
     * @return the input
     */
    @Nullable Object input();

    /**
     * The output, once there is one.
     *
     * @return a JSON value, null before
     */
    @Nullable Object output();

    /**
     * The error, once there is one.
     *
     * @return the error, null without
     */
    @Nullable LlmSpellException error();

    /**
     * In which part of the operation the error arose.
     *
     * @return a word such as {@code provider}, null without an error or if the owner does not tell
     */
    default @Nullable String errorStage() {
        return null;
    }

    /**
     * Whether a hook answered in place of the operation.
     *
     * @return true if the output is a hook's
     */
    boolean replaced();

    /**
     * What the operations gave that hooks started beside this one by Fork.
     *
     * @return by the id of the fork its output, or {@code {error: {code, message}}}; JSON values, unmodifiable, empty
     *     while they run
     */
    Map<String, @Nullable Object> forks();

    /**
     * How long the operation has run.
     *
     * @return the time since its first hook
     */
    Duration elapsed();

    /**
     * Whether the operation runs again when the present attempt has ended, because a hook asked for it by Retry. For
     * actions at the end of an attempt: only without another one the outcome is final.
     *
     * @return true if another attempt follows
     */
    default boolean runsAgain() {
        return false;
    }
}
