package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MetricsHookTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BuiltinRig rig = new BuiltinRig(org.slf4j.event.Level.INFO, null, new MicrometerMeters(registry));

    @AfterEach
    void close() {
        rig.close();
        registry.close();
    }

    private JsonObject statistics() {
        return rig.builtins.statistics("metrics");
    }

    private @Nullable Object figure(String group, String point) {
        return assertThatMap(group).get(point);
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys
    private Map<String, @Nullable Object> assertThatMap(String group) {
        Object found = statistics().get(group);
        assertThat(found).isInstanceOf(Map.class);
        return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(found);
    }

    @Test
    void before_operation_isTimedToItsEnd() {
        rig.enable("metrics");
        for (int millis : new int[] {1, 2, 3, 400}) {
            rig.taking(Duration.ofMillis(millis));
            rig.call("x");
        }

        assertThat(figure("execution_counts", "BeforeToolExecution")).isEqualTo(4L);
        assertThat(figure("success_rates", "BeforeToolExecution")).isEqualTo(1.0);
        assertThat(figure("duration_stats", "BeforeToolExecution"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .satisfies(stats -> {
                    assertThat(number(stats.get("mean"))).isEqualTo(101.5);
                    assertThat(number(stats.get("p50"))).isCloseTo(2, within(0.02));
                    assertThat(number(stats.get("p95"))).isCloseTo(400, within(4.0));
                    assertThat(number(stats.get("p99"))).isCloseTo(400, within(4.0));
                });
        assertThat(figure("duration_stats", "AfterToolExecution"))
                .isEqualTo(figure("duration_stats", "BeforeToolExecution"));
        assertThat(figure("buckets", "BeforeToolExecution"))
                .isEqualTo(JsonObject.of(
                        "0.001", 1, "0.005", 3, "0.01", 3, "0.025", 3, "0.05", 3, "0.1", 3, "0.25", 3, "0.5", 4, "1", 4,
                        "2.5", 4, "5", 4, "10", 4, "+Inf", 4));
    }

    private static double number(@Nullable Object json) {
        return ((Number) java.util.Objects.requireNonNull(json)).doubleValue();
    }

    @Test
    void outcome_failuresAndVetoes_countAgainstTheRate() {
        rig.enable("metrics");
        rig.call("x");
        rig.call("x");
        rig.failing();
        rig.failure("x");

        assertThat(figure("success_rates", "ToolValidation")).isEqualTo(0.6667);
        assertThat(figure("success_rates", "ToolError")).isEqualTo(0.0);
        assertThat(figure("success_rates", "AfterToolExecution")).isEqualTo(1.0);
        assertThat(figure("execution_counts", "AfterToolExecution")).isEqualTo(2L);
        assertThat(figure("execution_counts", "tool_resource_released")).isEqualTo(3L);
        assertThat(figure("success_rates", "tool_resource_released")).isEqualTo(0.6667);

        rig.hooks.registry().register(BuiltinRig.BEFORE, "veto", context -> HookResult.cancel("no"));
        rig.failure("x");
        assertThat(figure("success_rates", "ToolValidation")).isEqualTo(0.5);
    }

    @Test
    void running_operation_isCountedButNotTimed() {
        rig.enable("metrics");
        List<JsonObject> during = new CopyOnWriteArrayList<>();
        rig.body = input -> {
            during.add(statistics());
            return input;
        };
        rig.call("x");

        assertThat(during.get(0).get("execution_counts"))
                .isEqualTo(JsonObject.of("ToolValidation", 1, "BeforeToolExecution", 1));
        assertThat(during.get(0).get("duration_stats")).isEqualTo(JsonObject.empty());
        assertThat(during.get(0).get("success_rates")).isEqualTo(JsonObject.empty());
    }

    @Test
    void metadata_saysWhenItWasRecorded() {
        rig.enable("metrics");
        List<@Nullable String> stamps = new CopyOnWriteArrayList<>();
        rig.look(BuiltinRig.BEFORE, context -> stamps.add(context.metadata().get("metrics_recorded_at")));
        rig.call("x");

        assertThat(stamps).containsExactly("2025-01-01T00:00:00Z");
    }

    @Test
    void custom_hookExecutionsAndResults_areCounted() {
        rig.enable("metrics", "points", List.of("AfterToolExecution"));
        rig.hooks.registry().register(BuiltinRig.BEFORE, "change", context -> {
            rig.time.advance(Duration.ofMillis(7));
            return HookResult.modified("y");
        });
        rig.hooks.registry().register(BuiltinRig.BEFORE, "broken", context -> {
            throw new IllegalStateException("planted");
        });
        rig.call("x");

        Map<String, @Nullable Object> hooks = assertThatMap("hook_execution");
        assertThat(hooks.get("change@BeforeToolExecution"))
                .isEqualTo(JsonObject.of("count", 1, "failures", 0, "mean", 7.0));
        assertThat(hooks.get("broken@BeforeToolExecution"))
                .isEqualTo(JsonObject.of("count", 1, "failures", 1, "mean", 0.0));
        Map<String, @Nullable Object> results = assertThatMap("hook_result");
        assertThat(results)
                .containsEntry("modified", 1L)
                .containsEntry("continue", 1L)
                .containsEntry("none", 1L);
        assertThat(assertThatMap("hook_lifecycle"))
                .isEqualTo(JsonObject.of(
                        "registered",
                        2,
                        "unregistered",
                        0,
                        "breaker_closed",
                        0,
                        "breaker_open",
                        0,
                        "breaker_half_open",
                        0));
        assertThat(registry.get("llmspell.hook.lifecycle")
                        .tags("change", "registered")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("llmspell.hook.execution")
                        .tags("hook", "change", "result", "modified", "outcome", "success")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(7);
    }

    @Test
    void custom_switchedOff_isNotCollected() {
        rig.enable("metrics");
        rig.enable("metrics", "collect_custom_metrics", false);
        rig.call("x");

        assertThat(statistics()).doesNotContainKeys("hook_execution", "hook_result");
        assertThat(registry.find("llmspell.hook.execution").timer()).isNull();
        assertThat(figure("execution_counts", "BeforeToolExecution")).isEqualTo(1L);
    }

    @Test
    void settings_changed_keepTheFigures() {
        rig.enable("metrics", "points", List.of("BeforeToolExecution"));
        rig.call("x");
        rig.enable("metrics", "points", List.of("BeforeToolExecution"));
        rig.call("x");

        assertThat(figure("execution_counts", "BeforeToolExecution")).isEqualTo(2L);
        assertThat(assertThatMap("hook_execution").get("metrics@BeforeToolExecution"))
                .isEqualTo(JsonObject.of("count", 2, "failures", 0, "mean", 0.0));
    }

    @Test
    void disable_endsTheSubscription() {
        rig.enable("metrics");
        rig.builtins.disable("metrics");
        rig.hooks.registry().register(BuiltinRig.BEFORE, "other", context -> HookResult.proceed());
        rig.call("x");

        assertThat(registry.find("llmspell.hook.execution").timers()).isEmpty();
    }

    @Test
    void series_beyondTheLimit_countForTheirPointAlone() {
        rig.enable(
                "metrics", "max_series", 2, "points", List.of("BeforeToolExecution"), "collect_custom_metrics", false);
        for (String name : List.of("a", "b", "c", "d", "a")) {
            Component tool = Component.named(ComponentType.TOOL, name);
            rig.tool.call(tool, new Outcome("x"), BuiltinRig.caller());
        }

        assertThat(statistics()).containsEntry("series", 2L).containsEntry("series_refused", 2L);
        assertThat(figure("execution_counts", "BeforeToolExecution")).isEqualTo(5L);
        assertThat(assertThatMap("components"))
                .containsOnlyKeys("tool/a@BeforeToolExecution", "tool/b@BeforeToolExecution");
        assertThat(registry.get("llmspell.operation")
                        .tags("component", "other")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void series_manyThreads_neverExceedTheLimit() throws Exception {
        Series series = new Series(50);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        CountDownLatch done = new CountDownLatch(4);
        for (int thread = 0; thread < 4; thread++) {
            pool.execute(() -> {
                for (int i = 0; i < 2_000; i++) {
                    Series.Figures figures = series.find(new Series.Key("m", "p", "s" + i % 100));
                    if (figures != null) {
                        figures.add(true, 1);
                    }
                }
                done.countDown();
            });
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        pool.shutdown();

        assertThat(series.size()).isBetween(49, 50);
        long counted = series.of("m").values().stream()
                .mapToLong(values -> (Long) java.util.Objects.requireNonNull(
                        ((Map<?, ?>) java.util.Objects.requireNonNull(values)).get("count")))
                .sum();
        assertThat(counted + series.refused()).isEqualTo(8_000);
    }

    @Test
    void micrometer_getsTimersWithBuckets() {
        rig.enable("metrics", "points", List.of("BeforeToolExecution"));
        rig.taking(Duration.ofMillis(3));
        rig.call("x");

        Timer timer = registry.get("llmspell.operation")
                .tags(
                        "point",
                        "BeforeToolExecution",
                        "component_type",
                        "tool",
                        "component",
                        "calc",
                        "outcome",
                        "success")
                .timer();
        assertThat(timer.count()).isEqualTo(1);
        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
        assertThat(Arrays.stream(timer.takeSnapshot().histogramCounts()).map(bucket -> bucket.count()))
                .containsExactly(0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
    }

    @Test
    void micrometer_countersAndGauges_arrive() {
        MicrometerMeters meters = new MicrometerMeters(registry);
        meters.count("c", Map.of("a", "b"), 3);
        meters.gauge("g", Map.of(), () -> 42);

        assertThat(registry.get("c").tags("a", "b").counter().count()).isEqualTo(3);
        assertThat(registry.get("g").gauge().value()).isEqualTo(42);
        assertThat(UserMeters.find()).isEqualTo(MicrometerMeters.global());
    }

    @Test
    void micrometer_absent_isNoFault() throws Exception {
        try (WithoutMicrometer loader = new WithoutMicrometer()) {
            Class<?> program = loader.loadClass(Program.class.getName());
            assertThat(program.getMethod("run").invoke(null)).asString().contains("\"BeforeToolExecution\":1");
        }
    }

    /** What an embedder without Micrometer runs; loaded by {@link WithoutMicrometer}. */
    public static final class Program {
        private Program() {}

        /**
         * Runs a call with the defaults of the services.
         *
         * @return the statistics
         */
        public static String run() {
            try (BuiltinRig rig = new BuiltinRig();
                    BuiltinHooks builtins = BuiltinHooks.of(
                            rig.hooks, BuiltinServices.builder(rig.time).build())) {
                builtins.enable(MetricsConfig.builder().build());
                rig.call("x");
                return io.llmspell.core.json.JsonCodec.create().text(builtins.statistics("metrics"));
            }
        }
    }

    /** Sees the class path but for Micrometer. */
    private static final class WithoutMicrometer extends URLClassLoader {
        WithoutMicrometer() {
            super(path(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] path() {
            return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1))
                    .map(entry -> {
                        try {
                            return Path.of(entry).toUri().toURL();
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toArray(URL[]::new);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("io.micrometer.core")) {
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }
    }

    @Test
    void options_wrong_areRefused() {
        assertThatThrownBy(() -> rig.enable("metrics", "max_series", 0))
                .hasMessage(
                        "hooks.metrics.max_series: is 0, but must be an integer from 1 to 1000000 [invalid_config]");
        assertThatThrownBy(() -> MetricsConfig.builder().maxSeries(0).build())
                .hasMessageContaining("max_series is \"0\", but must be 1 to 1000000");
        assertThat(rig.builtins.list().get(1).config())
                .isEqualTo(JsonObject.of("collect_custom_metrics", true, "max_series", 10_000));
    }
}
