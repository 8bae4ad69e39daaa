package io.llmspell.bridge.globals;

import io.llmspell.core.hook.HookMetrics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of hooks as scripts and records show them: times in milliseconds.
 *
 * <p><b>Threads:</b> safe.
 */
public final class HookFigures {
    private static final double NANOS = 1e6;

    private HookFigures() {}

    /**
     * The figures of one hook, or of all hooks of one name.
     *
     * @param metrics the figures
     * @return a JSON object: count, failures, skipped, not_started, avg_ms, min_ms, max_ms, p50_ms, p95_ms, p99_ms,
     *     total_ms, breaker, overhead_percent, last_error
     */
    public static Map<String, @Nullable Object> of(HookMetrics metrics) {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("count", metrics.count());
        figures.put("failures", metrics.failures());
        figures.put("skipped", metrics.skipped());
        figures.put("not_started", metrics.notStarted());
        figures.put("avg_ms", millis(metrics.mean()));
        figures.put("min_ms", millis(metrics.min()));
        figures.put("max_ms", millis(metrics.max()));
        figures.put("p50_ms", millis(metrics.p50()));
        figures.put("p95_ms", millis(metrics.p95()));
        figures.put("p99_ms", millis(metrics.p99()));
        figures.put("total_ms", millis(metrics.total()));
        figures.put("breaker", metrics.breaker().id());
        figures.put("overhead_percent", metrics.overheadPercent());
        figures.put("last_error", metrics.lastError());
        return figures;
    }

    private static double millis(Duration time) {
        return time.toNanos() / NANOS;
    }
}
