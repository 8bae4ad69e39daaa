package io.llmspell.core.hook;

import java.util.List;

/**
 * Holds all hooks.
 *
 * <p><b>Threads:</b> safe, also while operations run; each operation sees the hooks that were there when it began.
 */
public interface HookRegistry {
    /**
     * Registers a hook.
     *
     * @param point where it runs
     * @param options how
     * @param hook the hook
     * @return a handle that unregisters it
     * @throws HookException {@code hook_exists} if the point has a hook of this name
     */
    HookHandle register(HookPoint point, HookOptions options, Hook hook);

    /**
     * Registers a hook under a name with default options.
     *
     * @param point where it runs
     * @param name its name
     * @param hook the hook
     * @return a handle that unregisters it
     * @throws HookException {@code hook_exists} if the point has a hook of this name
     */
    default HookHandle register(HookPoint point, String name, Hook hook) {
        return register(point, HookOptions.named(name), hook);
    }

    /**
     * Registers a reactive hook.
     *
     * @param point where it runs
     * @param options how
     * @param hook the hook
     * @return a handle that unregisters it
     * @throws HookException {@code hook_exists} if the point has a hook of this name
     */
    HookHandle registerReactive(HookPoint point, HookOptions options, ReactiveHook hook);

    /**
     * Lists hooks, by point in the order of the catalogue, within a point in running order.
     *
     * @param filter which
     * @return an unmodifiable snapshot
     */
    List<HookInfo> list(HookFilter filter);

    /**
     * Says in words which hooks run at a point, in which order and why.
     *
     * @param point the point
     * @return one line for each hook
     */
    String explain(HookPoint point);
}
