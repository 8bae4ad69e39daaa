package io.llmspell.core.hook;

import java.util.List;
import java.util.Map;

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
     * Registers a hook around a whole kind of operation, its checks included.
     *
     * @param kind the kind
     * @param options how
     * @param hook the hook
     * @return a handle that unregisters it; its point is {@link HookPoint#around(OperationKind)}
     * @throws HookException {@code hook_exists} if the kind has an around-hook of this name
     */
    HookHandle registerAround(OperationKind kind, HookOptions options, AroundHook hook);

    /**
     * Registers several hooks, all or none.
     *
     * @param hooks what to register
     * @return the handles in the order of the hooks
     * @throws HookException {@code hook_exists} if a name is taken or stands in the list twice at one point
     */
    List<HookHandle> registerAll(List<HookRegistration> hooks);

    /**
     * Unregisters all hooks that a filter chooses, of the bands that this registry may register in.
     *
     * @param filter which
     * @return how many there were
     */
    int unregisterAll(HookFilter filter);

    /**
     * Switches all hooks on or off that a filter chooses, of the bands that this registry may register in.
     *
     * @param filter which
     * @param on whether they run
     * @return how many were switched
     */
    int enableAll(HookFilter filter, boolean on);

    /**
     * The figures of all hooks of one name together.
     *
     * @param name the name
     * @return the figures
     * @throws HookException {@code hook_not_found} with the nearest names
     */
    HookMetrics metrics(String name);

    /**
     * The figures of the hooks of one name, by point.
     *
     * @param name the name
     * @return unmodifiable, in the order of the catalogue
     * @throws HookException {@code hook_not_found} with the nearest names
     */
    Map<HookPoint, HookMetrics> metricsByPoint(String name);

    /**
     * The figures of the hooks of each name together.
     *
     * @param filter which ones
     * @return by the names of the hooks, unmodifiable, in the order of {@link #list}
     */
    Map<String, HookMetrics> metricsByName(HookFilter filter);

    /**
     * The figures of each of several hooks.
     *
     * @param filter which ones
     * @return by the ids of the hooks, unmodifiable, in the order of {@link #list}
     */
    Map<String, HookMetrics> metricsById(HookFilter filter);

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
