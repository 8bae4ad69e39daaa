package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code metrics}, which counts and times what passes each point.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param points where it runs; empty for all points; copied
 * @param collectCustomMetrics whether the executions, results and registrations of hooks are counted too; default true
 * @param maxSeries how many series are kept at most, 1 to 1,000,000; what comes later counts for its point alone;
 *     default 10,000
 */
public record MetricsConfig(List<HookPoint> points, boolean collectCustomMetrics, int maxSeries)
        implements BuiltinConfig {
    static final String NAME = "metrics";
    static final int SERIES = 10_000;
    private static final int MOST_SERIES = 1_000_000;

    /**
     * Checks and copies the members.
     *
     * @param points where it runs
     * @param collectCustomMetrics whether hooks are counted too
     * @param maxSeries how many series are kept at most
     * @throws ArgumentException {@code invalid_argument} if the number of series is out of range
     */
    public MetricsConfig {
        points = List.copyOf(points);
        if (maxSeries < 1 || maxSeries > MOST_SERIES) {
            throw new ArgumentException("max_series", String.valueOf(maxSeries), "1 to " + MOST_SERIES);
        }
    }

    /**
     * Begins with the defaults.
     *
     * @return a builder
     */
    public static MetricsConfigBuilder builder() {
        return new MetricsConfigBuilder();
    }

    static MetricsConfig read(ConfigSection options, List<HookPoint> points) {
        return new MetricsConfig(points, options.flag("collect_custom_metrics", true), (int)
                options.integer("max_series", SERIES, 1, MOST_SERIES));
    }

    @Override
    public String hook() {
        return NAME;
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("collect_custom_metrics", collectCustomMetrics);
        values.put("max_series", maxSeries);
        return values;
    }
}
