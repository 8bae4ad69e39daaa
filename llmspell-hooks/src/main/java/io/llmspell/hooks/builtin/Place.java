package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookRegistry;
import io.llmspell.hooks.Hooks;

/** The band in which a built-in hook is registered. */
enum Place {
    /** Before every hook of users. */
    SYSTEM_FIRST,
    /** Among the hooks of users. */
    USER,
    /** After every hook of users. */
    SYSTEM_LAST;

    HookRegistry of(Hooks hooks) {
        return switch (this) {
            case SYSTEM_FIRST -> hooks.systemFirst();
            case USER -> hooks.registry();
            case SYSTEM_LAST -> hooks.systemLast();
        };
    }
}
