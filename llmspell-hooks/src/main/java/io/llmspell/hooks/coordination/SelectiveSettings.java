package io.llmspell.hooks.coordination;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import java.util.List;
import java.util.Set;

/**
 * The section {@code [hooks.selective]} of the configuration.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param maxInstantiatedHooks how many instances there are at once, 1 to 1,000,000
 * @param useLruEviction whether the instance that was used least recently makes room for a new one; else the new one
 *     is refused and its hook cannot start
 * @param preloadPoints where hooks are instantiated when their feature is switched on, not at their first use; copied
 * @param defaultFeatures the features that are on from the start; copied
 * @param collectStats whether uses are counted
 */
public record SelectiveSettings(
        int maxInstantiatedHooks,
        boolean useLruEviction,
        Set<HookPoint> preloadPoints,
        List<String> defaultFeatures,
        boolean collectStats) {
    /** The feature that is always known; hooks that name no other belong to it. */
    public static final String CORE = "core";

    /** 100 instances, the least recently used one makes room, the points of the runtime preloaded, core on. */
    public static final SelectiveSettings DEFAULT = new SelectiveSettings(
            100, true, Set.of(HookPoint.SYSTEM_STARTUP, HookPoint.SYSTEM_SHUTDOWN), List.of(CORE), true);

    private static final int MOST = 1_000_000;

    /**
     * Checks and copies the members.
     *
     * @param maxInstantiatedHooks how many instances there are at once
     * @param useLruEviction whether the least recently used one makes room
     * @param preloadPoints where hooks are instantiated at once
     * @param defaultFeatures the features that are on from the start
     * @param collectStats whether uses are counted
     * @throws ArgumentException {@code invalid_argument} if the number is out of range
     */
    public SelectiveSettings {
        if (maxInstantiatedHooks < 1 || maxInstantiatedHooks > MOST) {
            throw new ArgumentException(
                    "hooks.selective.max_instantiated_hooks", String.valueOf(maxInstantiatedHooks), "1 to " + MOST);
        }
        preloadPoints = Set.copyOf(preloadPoints);
        defaultFeatures = List.copyOf(defaultFeatures);
    }

    /**
     * Reads the section.
     *
     * @param section the section; read to the end
     * @return the settings
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} for an unknown option or a wrong value
     */
    public static SelectiveSettings from(ConfigSection section) {
        List<String> points =
                DEFAULT.preloadPoints.stream().map(HookPoint::name).toList();
        SelectiveSettings settings = new SelectiveSettings(
                (int) section.integer("max_instantiated_hooks", DEFAULT.maxInstantiatedHooks, 1, MOST),
                section.flag("use_lru_eviction", DEFAULT.useLruEviction),
                points(section, points),
                section.texts("default_features", DEFAULT.defaultFeatures),
                section.flag("collect_stats", DEFAULT.collectStats));
        section.end();
        return settings;
    }

    private static Set<HookPoint> points(ConfigSection section, List<String> otherwise) {
        try {
            return Set.copyOf(section.texts("preload_points", otherwise).stream()
                    .map(HookPoint::parse)
                    .toList());
        } catch (HookException unknown) {
            throw section.wrong("preload_points", "a list of hook points: " + unknown.text());
        }
    }
}
