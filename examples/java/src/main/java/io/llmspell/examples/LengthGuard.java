package io.llmspell.examples;

import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import java.util.Map;

/** A hook as a class of its own: refuses tool calls whose input is longer than a limit. */
public final class LengthGuard implements Hook {
    private final int longest;

    /**
     * Makes a guard.
     *
     * @param longest the longest input that passes, in characters
     */
    public LengthGuard(int longest) {
        this.longest = longest;
    }

    @Override
    public HookResult execute(HookContext context) {
        boolean tooLong = context.data() instanceof Map<?, ?> parameters
                && parameters.get("input") instanceof String input
                && input.length() > longest;
        return tooLong
                ? HookResult.cancel("the input is longer than " + longest + " characters")
                : HookResult.proceed();
    }
}
