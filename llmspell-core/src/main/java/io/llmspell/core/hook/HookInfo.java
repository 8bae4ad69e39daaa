package io.llmspell.core.hook;

import io.llmspell.core.identity.Language;

/**
 * Describes a registered hook.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param id unique in the process
 * @param point where it runs
 * @param options how it was registered
 * @param enabled whether it runs
 * @param system whether it is in a band of the runtime
 */
public record HookInfo(String id, HookPoint point, HookOptions options, boolean enabled, boolean system) {
    /**
     * The hook's name.
     *
     * @return the name
     */
    public String name() {
        return options.name();
    }

    /**
     * The language it is written in.
     *
     * @return the language
     */
    public Language language() {
        return options.language();
    }
}
