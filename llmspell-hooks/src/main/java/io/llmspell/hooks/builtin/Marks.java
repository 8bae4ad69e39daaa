package io.llmspell.hooks.builtin;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.hook.HookContext;

/** Leaves texts in the metadata of an operation without ever failing for it. */
final class Marks {
    private Marks() {}

    /** Puts a text; if the metadata is full the text is left out, because no hook may fail for a note. */
    static void put(HookContext context, String key, String value) {
        try {
            context.putMetadata(key, value);
        } catch (LimitException full) {
            // Whoever fills the metadata must not be able to switch a guard off or to refuse operations through it.
        }
    }
}
