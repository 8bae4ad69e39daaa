package io.llmspell.core.hook;

import org.jspecify.annotations.Nullable;

/**
 * Converts context and result for hooks of another language.
 *
 * <p><b>Threads:</b> called by the engine that owns the hook, on its own thread.
 *
 * @param <C> what the language uses as a context
 * @param <R> what the language gives back
 */
public interface HookAdapter<C, R> {
    /**
     * Shows a context to the language.
     *
     * @param context the context
     * @return its form there
     */
    C context(HookContext context);

    /**
     * Reads a result of the language.
     *
     * @param raw what the hook gave back; null means go on
     * @return the result
     * @throws HookException {@code invalid_hook_result} naming the value and the nearest result
     */
    HookResult result(@Nullable R raw);
}
