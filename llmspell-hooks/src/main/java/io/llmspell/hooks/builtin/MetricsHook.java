package io.llmspell.hooks.builtin;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.meter.Meters;
import io.llmspell.hooks.HookExecution;
import io.llmspell.hooks.HookListener;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what passes each point, and what hooks do there; feeds the meters of the runtime too.
 *
 * <p>Before an operation its duration is not known yet: such a point counts the operation when it passes, and its
 * success and duration when it has ended. A point after it counts all of that at once. <b>Threads:</b> safe; all figures
 * are adders and concurrent maps.
 */
final class MetricsHook implements RunningBuiltin, HookListener {
    private static final String OPERATION = "operation";
    private static final String HOOK = "hook_execution";
    private static final String OPERATION_TIMER = "llmspell.operation";
    private static final String HOOK_TIMER = "llmspell.hook.execution";
    private static final String LIFECYCLE_COUNTER = "llmspell.hook.lifecycle";

    private final BuiltinServices services;
    private final Map<HookPoint, PointFigures> points;
    private final Map<HookResultKind, LongAdder> results;
    private final LongAdder noResults;
    private final Lifecycle lifecycle;
    private final Series series;
    private final Hooks hooks;
    private final MetricsConfig config;
    private final AtomicReference<Handle> subscription = new AtomicReference<>(Handle.noop());

    /**
     * Makes the hook.
     *
     * @param previous what ran before, whose figures go on; or null
     */
    MetricsHook(MetricsConfig config, Hooks hooks, BuiltinServices services, @Nullable RunningBuiltin previous) {
        MetricsHook old = previous instanceof MetricsHook metrics ? metrics : null;
        this.services = services;
        this.points = old == null ? new ConcurrentHashMap<>() : old.points;
        this.results = old == null ? counters() : old.results;
        this.noResults = old == null ? new LongAdder() : old.noResults;
        this.lifecycle = old == null ? Lifecycle.none() : old.lifecycle;
        boolean sameRoom = old != null && old.config.maxSeries() == config.maxSeries();
        this.series = old != null && sameRoom ? old.series : new Series(config.maxSeries());
        this.hooks = hooks;
        this.config = config;
    }

    @Override
    public void begin() {
        if (config.collectCustomMetrics()) {
            subscription.set(hooks.executions(this));
        }
    }

    private static Map<HookResultKind, LongAdder> counters() {
        Map<HookResultKind, LongAdder> counters = new EnumMap<>(HookResultKind.class);
        for (HookResultKind kind : HookResultKind.values()) {
            counters.put(kind, new LongAdder());
        }
        return counters;
    }

    @Override
    public HookResult execute(HookContext context) {
        HookPoint point = context.point();
        Component component = context.component();
        PointFigures figures = points.computeIfAbsent(point, each -> new PointFigures());
        figures.passed();
        if (point.info().phase() == HookPhase.BEFORE) {
            long began = services.time().nanos();
            context.onEnd(operation -> ended(
                    figures,
                    point,
                    component,
                    operation.error() == null,
                    services.time().nanos() - began));
        } else {
            boolean success = context.operation().error() == null;
            ended(
                    figures,
                    point,
                    component,
                    success,
                    context.operation().elapsed().toNanos());
        }
        Marks.put(context, "metrics_recorded_at", services.time().now().toString());
        return HookResult.proceed();
    }

    private void ended(PointFigures figures, HookPoint point, Component component, boolean success, long nanos) {
        figures.ended(success, nanos);
        Series.Figures own = series.find(new Series.Key(OPERATION, point.name(), component.toString()));
        if (own != null) {
            own.add(success, nanos);
        }
        Meters meters = services.meters();
        if (meters != null) {
            Map<String, String> tags = Map.of(
                    "point",
                    point.name(),
                    "component_type",
                    own == null ? "other" : component.type().name(),
                    "component",
                    own == null ? "other" : component.name(),
                    "outcome",
                    success ? "success" : "error");
            meters.time(OPERATION_TIMER, tags, nanos);
        }
    }

    @Override
    public void executed(HookExecution execution) {
        HookResult result = execution.result();
        boolean success = execution.failure() == null;
        (result == null ? noResults : results.getOrDefault(result.kind(), noResults)).increment();
        String point = execution.hook().point().name();
        long nanos = execution.elapsed().toNanos();
        Series.Figures own =
                series.find(new Series.Key(HOOK, point, execution.hook().name()));
        if (own != null) {
            own.add(success, nanos);
        }
        Meters meters = services.meters();
        if (meters != null) {
            Map<String, String> tags = Map.of(
                    "point",
                    point,
                    "hook",
                    own == null ? "other" : execution.hook().name(),
                    "result",
                    result == null ? "none" : result.kind().id(),
                    "outcome",
                    success ? "success" : "error");
            meters.time(HOOK_TIMER, tags, nanos);
        }
    }

    /**
     * What became of hooks.
     *
     * @param registered how many were registered
     * @param unregistered how many were unregistered
     * @param breakers how many breakers went over to each state
     */
    private record Lifecycle(LongAdder registered, LongAdder unregistered, Map<BreakerState, LongAdder> breakers) {
        static Lifecycle none() {
            Map<BreakerState, LongAdder> breakers = new EnumMap<>(BreakerState.class);
            for (BreakerState state : BreakerState.values()) {
                breakers.put(state, new LongAdder());
            }
            return new Lifecycle(new LongAdder(), new LongAdder(), breakers);
        }

        Map<String, @Nullable Object> values() {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("registered", registered.sum());
            values.put("unregistered", unregistered.sum());
            breakers.forEach((state, count) -> values.put("breaker_" + state.id(), count.sum()));
            return values;
        }
    }

    @Override
    public void registered(HookInfo hook, @Nullable Caller by) {
        lifecycle.registered.increment();
        counted("registered");
    }

    @Override
    public void unregistered(HookInfo hook, @Nullable Caller by) {
        lifecycle.unregistered.increment();
        counted("unregistered");
    }

    @Override
    public void breakerChanged(HookInfo hook, BreakerState from, BreakerState to, String reason, Duration openFor) {
        LongAdder count = lifecycle.breakers.get(to);
        if (count != null) {
            count.increment();
        }
        counted("breaker_" + to.id());
    }

    private void counted(String change) {
        Meters meters = services.meters();
        if (meters != null) {
            meters.count(LIFECYCLE_COUNTER, Map.of("change", change), 1);
        }
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> counts = new LinkedHashMap<>();
        Map<String, @Nullable Object> rates = new LinkedHashMap<>();
        Map<String, @Nullable Object> durations = new LinkedHashMap<>();
        Map<String, @Nullable Object> buckets = new LinkedHashMap<>();
        points.forEach((point, figures) -> {
            counts.put(point.name(), figures.executions());
            Map<String, @Nullable Object> stats = figures.durations();
            if (stats != null) {
                rates.put(point.name(), figures.successRate());
                durations.put(point.name(), stats);
                buckets.put(point.name(), figures.buckets());
            }
        });
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("execution_counts", counts);
        all.put("success_rates", rates);
        all.put("duration_stats", durations);
        all.put("buckets", buckets);
        all.put("components", series.of(OPERATION));
        all.put("series", series.size());
        all.put("series_refused", series.refused());
        if (config.collectCustomMetrics()) {
            all.put("hook_execution", series.of(HOOK));
            all.put("hook_lifecycle", lifecycle.values());
            all.put("hook_result", resultCounts());
        }
        return all;
    }

    private Map<String, @Nullable Object> resultCounts() {
        Map<String, @Nullable Object> counts = new LinkedHashMap<>();
        results.forEach((kind, count) -> counts.put(kind.id(), count.sum()));
        counts.put("none", noResults.sum());
        return counts;
    }

    @Override
    public void close() {
        subscription.getAndSet(Handle.noop()).close();
    }
}
