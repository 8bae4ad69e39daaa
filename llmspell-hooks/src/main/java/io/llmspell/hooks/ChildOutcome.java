package io.llmspell.hooks;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookResult;
import org.jspecify.annotations.Nullable;

/**
 * What came of one child of a composite: a result, or a failure.
 *
 * @param result what it gave, null if it failed
 * @param failure why it failed or could not start, null if it gave a result
 */
record ChildOutcome(@Nullable HookResult result, @Nullable LlmSpellException failure) {
    static ChildOutcome gave(HookResult result) {
        return new ChildOutcome(result, null);
    }

    static ChildOutcome failed(LlmSpellException failure) {
        return new ChildOutcome(null, failure);
    }
}
