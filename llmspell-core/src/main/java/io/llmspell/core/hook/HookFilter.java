package io.llmspell.core.hook;

import io.llmspell.core.identity.Language;
import io.llmspell.core.text.Glob;
import org.jspecify.annotations.Nullable;

/**
 * Chooses registered hooks; a null member chooses all.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param point the point
 * @param language the language
 * @param tag one of the tags
 * @param name a glob over the whole name: {@code *} any run of characters, {@code ?} one
 * @param minPriority the smallest priority
 * @param maxPriority the largest priority
 * @param system whether hooks of the runtime are included
 */
public record HookFilter(
        @Nullable HookPoint point,
        @Nullable Language language,
        @Nullable String tag,
        @Nullable String name,
        int minPriority,
        int maxPriority,
        boolean system) {
    /**
     * All hooks of users.
     *
     * @return the filter
     */
    public static HookFilter all() {
        return new HookFilter(null, null, null, null, HookOptions.HIGHEST, HookOptions.LOWEST, false);
    }

    /**
     * All hooks of users at one point.
     *
     * @param point the point
     * @return the filter
     */
    public static HookFilter at(HookPoint point) {
        return new HookFilter(point, null, null, null, HookOptions.HIGHEST, HookOptions.LOWEST, false);
    }

    /**
     * Whether a hook is chosen.
     *
     * @param hook the hook
     * @return true if it is
     */
    public boolean accepts(HookInfo hook) {
        int priority = hook.options().priority();
        return (point == null || point.equals(hook.point()))
                && (language == null || language == hook.language())
                && (tag == null || hook.options().tags().contains(tag))
                && (name == null || Glob.matches(name, hook.name()))
                && priority >= minPriority
                && priority <= maxPriority
                && (system || !hook.system());
    }
}
