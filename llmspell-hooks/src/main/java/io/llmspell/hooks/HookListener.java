package io.llmspell.hooks;

/**
 * Hears of every execution of a hook; the composition root subscribes the event bus with one.
 *
 * <p><b>Threads:</b> called on the thread of the operation, by several at once; it must be safe, quick and must not
 * block. What it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface HookListener {
    /**
     * A hook has run and what it decided has been applied or refused.
     *
     * @param execution what ran and how it ended; its context is valid during this call only
     */
    void executed(HookExecution execution);
}
