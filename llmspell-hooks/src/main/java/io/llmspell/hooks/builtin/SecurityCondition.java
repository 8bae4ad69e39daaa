package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookContext;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an operation breaks a security rule.
 *
 * <p><b>Threads:</b> must be safe. What it throws refuses the operation.
 */
@FunctionalInterface
public interface SecurityCondition {
    /**
     * Looks at an operation.
     *
     * @param context the operation at one of the rule's points
     * @return what is wrong, without any secret; null if nothing is
     */
    @Nullable String violation(HookContext context);
}
