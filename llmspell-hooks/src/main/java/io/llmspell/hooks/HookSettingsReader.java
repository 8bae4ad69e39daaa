package io.llmspell.hooks;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@link HookSettings} from the configuration. */
final class HookSettingsReader {
    private HookSettingsReader() {}

    static HookSettings read(ConfigSection hooks, Set<String> others) {
        others.forEach(hooks::has); // so that they count as known
        HookSettings base = HookSettings.DEFAULT;
        HookSettingsBuilder builder = base.toBuilder();
        builder.breaker(BreakerSettings.from(hooks.section("breaker"), base.breaker()));
        times(hooks, base, builder);
        overhead(hooks, base, builder);
        performance(hooks.section("performance"), base, builder);
        BreakerSettings breaker = builder.build().breaker();
        ConfigSection points = hooks.section("points");
        for (String name : points.names()) {
            builder.point(point(points, name), atPoint(points.section(name), breaker));
        }
        ConfigSection single = hooks.section("hook");
        for (String name : single.names()) {
            builder.hook(name, ofHook(single.section(name), breaker));
        }
        hooks.end();
        return builder.build();
    }

    private static void times(ConfigSection hooks, HookSettings base, HookSettingsBuilder builder) {
        builder.deadline(hooks.duration("deadline", base.deadline(), HookSettings.SHORTEST_DEADLINE, HookSettings.HOUR))
                .enableCircuitBreaker(hooks.flag("enable_circuit_breaker", base.enableCircuitBreaker()))
                .maxDepth((int) hooks.integer("max_depth", base.maxDepth(), 1, HookSettings.LARGEST_DEPTH))
                .retryBudget(hooks.number("retry_budget", base.retryBudget(), 0, 1))
                .maxDelay(hooks.duration("max_delay", base.maxDelay(), Duration.ZERO, HookSettings.HOUR))
                .maxIsolatedThreads((int)
                        hooks.integer("max_isolated_threads", base.maxIsolatedThreads(), 1, HookSettings.MOST_THREADS));
    }

    private static void overhead(ConfigSection hooks, HookSettings base, HookSettingsBuilder builder) {
        builder.enablePerformanceMonitoring(
                        hooks.flag("enable_performance_monitoring", base.enablePerformanceMonitoring()))
                .overheadTarget(hooks.number("overhead_target", base.overheadTarget(), HookSettings.SMALLEST_TARGET, 1))
                .overheadWindow(
                        hooks.duration("overhead_window", base.overheadWindow(), HookSettings.SECOND, HookSettings.DAY))
                .overheadMinOperations((int) hooks.integer(
                        "overhead_min_operations", base.overheadMinOperations(), 1, HookSettings.MOST_OPERATIONS))
                .overheadMinHookTime(hooks.duration(
                        "overhead_min_hook_time", base.overheadMinHookTime(), Duration.ZERO, HookSettings.HOUR));
    }

    private static void performance(ConfigSection section, HookSettings base, HookSettingsBuilder builder) {
        builder.retentionPeriod(section.duration(
                        "retention_period", base.retentionPeriod(), HookSettings.SECOND, HookSettings.WEEK))
                .calculatePercentiles(section.flag("calculate_percentiles", base.calculatePercentiles()));
        section.end();
    }

    private static HookPoint point(ConfigSection points, String name) {
        try {
            return HookPoint.parse(name);
        } catch (LlmSpellException unknown) {
            throw points.wrong(name, "the options of a hook point; " + unknown.text());
        }
    }

    private static HookSettings.AtPoint atPoint(ConfigSection section, BreakerSettings base) {
        HookSettings.AtPoint read = new HookSettings.AtPoint(
                duration(section, "deadline", HookSettings.HOUR),
                breaker(section, base),
                duration(section, "operation_threshold", HookSettings.WEEK));
        section.end();
        return read;
    }

    private static HookSettings.OfHook ofHook(ConfigSection section, BreakerSettings base) {
        HookSettings.OfHook read = new HookSettings.OfHook(
                duration(section, "timeout", HookSettings.HOUR),
                section.has("isolated") ? section.flag("isolated", false) : null,
                section.flag("use_circuit_breaker", true),
                breaker(section, base),
                section.has("failure_policy") ? section.choice("failure_policy", FailurePolicy.FAIL_OPEN) : null);
        section.end();
        return read;
    }

    private static @Nullable BreakerSettings breaker(ConfigSection section, BreakerSettings base) {
        return section.has("breaker") ? BreakerSettings.from(section.section("breaker"), base) : null;
    }

    private static @Nullable Duration duration(ConfigSection section, String name, Duration longest) {
        return section.has(name)
                ? section.duration(name, HookSettings.SHORTEST_DEADLINE, HookSettings.SHORTEST_DEADLINE, longest)
                : null;
    }
}
