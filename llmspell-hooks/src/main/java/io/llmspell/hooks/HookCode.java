package io.llmspell.hooks;

import io.llmspell.core.hook.AroundHook;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.ReactiveHook;

/** What a registered hook runs. */
sealed interface HookCode {
    /** A hook that answers on the thread of the operation. */
    record Direct(Hook hook) implements HookCode {}

    /** A hook around a whole operation. */
    record Around(AroundHook hook) implements HookCode {}

    /** A hook that may answer later. */
    record Reactive(ReactiveHook hook) implements HookCode {}
}
