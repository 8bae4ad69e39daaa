package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HookSettingsTest {
    private static HookSettings read(Map<String, Object> options) {
        return HookSettings.from(ConfigSection.of("hooks", new HashMap<>(options)), Set.of("caching", "selective"));
    }

    @Test
    void nothingSet_givesTheDefaults() {
        HookSettings read = read(Map.of());

        assertThat(read)
                .isEqualTo(HookSettings.DEFAULT)
                .isEqualTo(HookSettings.builder().build());
        assertThat(read.deadline()).isEqualTo(Duration.ofMillis(100));
        assertThat(read.enableCircuitBreaker()).isTrue();
        assertThat(read.enablePerformanceMonitoring()).isTrue();
        assertThat(read.overheadTarget()).isEqualTo(0.05);
        assertThat(read.overheadWindow()).isEqualTo(Duration.ofSeconds(30));
        assertThat(read.overheadMinOperations()).isEqualTo(100);
        assertThat(read.overheadMinHookTime()).isEqualTo(Duration.ofNanos(10_000));
        assertThat(read.maxDepth()).isEqualTo(8);
        assertThat(read.retryBudget()).isEqualTo(0.2);
        assertThat(read.maxDelay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(read.maxIsolatedThreads()).isEqualTo(8);
        assertThat(read.retentionPeriod()).isEqualTo(Duration.ofHours(1));
        assertThat(read.calculatePercentiles()).isTrue();
    }

    @Test
    void allOptions_areRead() {
        Map<String, Object> options = new HashMap<>();
        options.put("deadline", "1s");
        options.put("enable_circuit_breaker", false);
        options.put("enable_performance_monitoring", false);
        options.put("overhead_target", 0.1);
        options.put("overhead_window", "1m");
        options.put("overhead_min_operations", 5L);
        options.put("overhead_min_hook_time", "1us");
        options.put("max_depth", 4L);
        options.put("retry_budget", 0.5);
        options.put("max_delay", "10s");
        options.put("max_isolated_threads", 2L);
        options.put("breaker", Map.of("preset", "production"));
        options.put("performance", Map.of("retention_period", "10m", "calculate_percentiles", false));

        HookSettings read = read(options);

        assertThat(read)
                .isEqualTo(HookSettings.builder()
                        .deadline(Duration.ofSeconds(1))
                        .enableCircuitBreaker(false)
                        .enablePerformanceMonitoring(false)
                        .overheadTarget(0.1)
                        .overheadWindow(Duration.ofMinutes(1))
                        .overheadMinOperations(5)
                        .overheadMinHookTime(Duration.ofNanos(1000))
                        .maxDepth(4)
                        .retryBudget(0.5)
                        .maxDelay(Duration.ofSeconds(10))
                        .maxIsolatedThreads(2)
                        .breaker(BreakerSettings.PRODUCTION)
                        .retentionPeriod(Duration.ofMinutes(10))
                        .calculatePercentiles(false)
                        .build());
        assertThat(read.toBuilder().build()).isEqualTo(read);
    }

    @Test
    void pointsAndHooks_standOnTheCommonBreaker() {
        HookSettings read = read(Map.of(
                "breaker", Map.of("preset", "conservative"),
                "points",
                        Map.of(
                                "BeforeToolExecution",
                                Map.of(
                                        "deadline",
                                        "2s",
                                        "operation_threshold",
                                        "1m",
                                        "breaker",
                                        Map.of("failure_threshold", 9L))),
                "hook",
                        Map.of(
                                "slow-one",
                                Map.of(
                                        "timeout",
                                        "5s",
                                        "isolated",
                                        true,
                                        "use_circuit_breaker",
                                        false,
                                        "breaker",
                                        Map.of("preset", "production"),
                                        "failure_policy",
                                        "fail_closed"),
                                "plain",
                                Map.of())));

        HookSettings.AtPoint here = read.points().get(HookPoint.BEFORE_TOOL_EXECUTION);
        assertThat(here.deadline()).isEqualTo(Duration.ofSeconds(2));
        assertThat(here.breaker().failureThreshold()).isEqualTo(9);
        assertThat(here.breaker().failureWindow()).isEqualTo(BreakerSettings.CONSERVATIVE.failureWindow());
        assertThat(read.operationThreshold(HookPoint.BEFORE_TOOL_EXECUTION)).isEqualTo(Duration.ofMinutes(1));
        assertThat(read.operationThreshold(HookPoint.TOOL_ERROR)).isNull();
        assertThat(read.hooks().get("slow-one"))
                .isEqualTo(new HookSettings.OfHook(
                        Duration.ofSeconds(5), true, false, BreakerSettings.PRODUCTION, FailurePolicy.FAIL_CLOSED));
        assertThat(read.hooks().get("plain")).isEqualTo(new HookSettings.OfHook(null, null, true, null, null));
    }

    @Test
    void sectionsOfOthers_areLeft_unknownOnesRefused() {
        assertThat(read(Map.of("caching", Map.of("whatever", 1L)))).isEqualTo(HookSettings.DEFAULT);
        assertThatThrownBy(() -> read(Map.of("cashing", Map.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hooks.cashing")
                .hasMessageContaining("caching");
        assertThatThrownBy(() -> read(Map.of("performance", Map.of("percentiles", true))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hooks.performance.percentiles");
        assertThatThrownBy(() -> read(Map.of("hook", Map.of("x", Map.of("time", "1s")))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hooks.hook.x.time");
    }

    @Test
    void unknownPoint_isRefusedWithTheNearest() {
        assertThatThrownBy(() -> read(Map.of("points", Map.of("BeforeToolExecutoin", Map.of()))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hooks.points.BeforeToolExecutoin")
                .hasMessageContaining("BeforeToolExecution");
    }

    @Test
    void valuesOutOfRange_areRefused() {
        assertThatThrownBy(() -> read(Map.of("deadline", "0")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hooks.deadline");
        assertThatThrownBy(() -> HookSettings.builder().maxDepth(0).build())
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("hooks.max_depth is \"0\", but must be 1 to 64");
        assertThatThrownBy(
                        () -> HookSettings.builder().overheadTarget(Double.NaN).build())
                .isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> new HookSettings.AtPoint(Duration.ZERO, null, null))
                .isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> new HookSettings.OfHook(Duration.ofDays(1), null, true, null, null))
                .isInstanceOf(ArgumentException.class);
    }

    @Test
    void builder_setsPointsAndHooks() {
        HookSettings settings = HookSettings.builder()
                .point(HookPoint.TOOL_ERROR, new HookSettings.AtPoint(Duration.ofSeconds(3), null, null))
                .hook("x", new HookSettings.OfHook(null, true, true, null, null))
                .build();

        assertThat(settings.points()).containsOnlyKeys(HookPoint.TOOL_ERROR);
        assertThat(settings.hooks()).containsOnlyKeys("x");
    }
}
