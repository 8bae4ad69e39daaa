package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import java.util.List;

/**
 * Builds a {@link MetricsConfig}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class MetricsConfigBuilder {
    private List<HookPoint> points = List.of();
    private boolean collectCustomMetrics = true;
    private int maxSeries = MetricsConfig.SERIES;

    MetricsConfigBuilder() {}

    /**
     * Sets where the hook runs.
     *
     * @param places the points; default: all
     * @return this builder
     */
    public MetricsConfigBuilder points(HookPoint... places) {
        this.points = List.of(places);
        return this;
    }

    /**
     * Sets whether the executions, results and registrations of hooks are counted too.
     *
     * @param on default true
     * @return this builder
     */
    public MetricsConfigBuilder collectCustomMetrics(boolean on) {
        this.collectCustomMetrics = on;
        return this;
    }

    /**
     * Sets how many series are kept at most.
     *
     * @param count 1 to 1,000,000; default 10,000
     * @return this builder
     */
    public MetricsConfigBuilder maxSeries(int count) {
        this.maxSeries = count;
        return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if the number of series is out of range
     */
    public MetricsConfig build() {
        return new MetricsConfig(points, collectCustomMetrics, maxSeries);
    }
}
