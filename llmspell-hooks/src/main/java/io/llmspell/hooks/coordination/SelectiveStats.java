package io.llmspell.hooks.coordination;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of {@link SelectiveHooks}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param hooks how many hooks are declared
 * @param hooksOn how many of them are switched on
 * @param instantiated how many instances there are now
 * @param instantiations how many were made in all
 * @param evictions how many made room for others
 * @param refusals how many could not be made, because there were too many
 * @param features by name, in the order of their dependencies; copied
 */
public record SelectiveStats(
        int hooks,
        int hooksOn,
        int instantiated,
        long instantiations,
        long evictions,
        long refusals,
        Map<String, Feature> features) {
    /**
     * Copies the features.
     *
     * @param hooks how many hooks are declared
     * @param hooksOn how many of them are switched on
     * @param instantiated how many instances there are now
     * @param instantiations how many were made in all
     * @param evictions how many made room for others
     * @param refusals how many could not be made
     * @param features by name
     */
    public SelectiveStats {
        features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
    }

    /**
     * The figures of one feature.
     *
     * @param enabled whether it is on
     * @param hooks how many hooks belong to it
     * @param instantiated how many of them have an instance
     * @param uses how often they ran; zero if uses are not counted
     */
    public record Feature(boolean enabled, int hooks, int instantiated, long uses) {}
}
