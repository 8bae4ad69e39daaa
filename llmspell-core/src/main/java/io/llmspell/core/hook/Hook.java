package io.llmspell.core.hook;

/**
 * Decides at a hook point.
 *
 * <p><b>Threads:</b> called on the thread of the operation, by several at once; it must be safe and quick. It may make
 * calls of its own with the caller of its context.
 */
@FunctionalInterface
public interface Hook {
    /**
     * Decides.
     *
     * @param context the operation; valid until the operation ends
     * @return the decision, never null
     * @throws Exception any failure; what it does to the operation is the hook's {@link FailurePolicy}
     */
    HookResult execute(HookContext context) throws Exception;

    /**
     * Whether the verdict of the hook takes something, such as a permit or a part of a budget. Such a hook is not asked
     * again when the subject changes after its verdict.
     *
     * @return true if it must be asked once only
     */
    default boolean reserves() {
        return false;
    }
}
