package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.meter.Meters;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times the operations on state by kind of scope, class and operation.
 *
 * <p>A change of one key is one operation from its first hook to its commit. Of changes that commit together the gate makes
 * one operation each up to the commit and one after it: these are counted after it, and not timed, because the time of the
 * commit is nobody's alone. There are at most as many series as kinds, classes and operations. <b>Threads:</b> safe; all
 * figures are adders and concurrent maps.
 */
final class StateMetricsHook implements RunningBuiltin {
    private static final String TIMER = "llmspell.state";
    private static final String SEEN = "state_metrics_seen";

    private final BuiltinServices services;
    private final Map<Series, Figures> all;

    /**
     * Makes the hook.
     *
     * @param before what ran before, whose figures go on; or null
     */
    StateMetricsHook(BuiltinServices services, @Nullable StateMetricsHook before) {
        this.services = services;
        this.all = before == null ? new ConcurrentHashMap<>() : before.all;
    }

    /** What is counted on its own. */
    private record Series(String scope, String stateClass, String operation) {
        static Series of(HookContext context, boolean read) {
            Map<String, String> notes = context.metadata();
            String key = notes.get("key");
            String operation = read ? (key == null ? "list" : "get") : notes.getOrDefault("change", "");
            return new Series(
                    StatePoints.kind(notes.getOrDefault("scope", "")), notes.getOrDefault("class", "any"), operation);
        }
    }

    /** How an operation ended. */
    private enum End {
        DONE,
        REFUSED,
        CONFLICT,
        FAILED;

        private final String id = name().toLowerCase(Locale.ROOT);

        static End of(@Nullable LlmSpellException error) {
            if (error == null || Boolean.TRUE.equals(error.details().get("committed"))) {
                return DONE;
            }
            if (error instanceof OperationCancelledException || error instanceof HookException) {
                return REFUSED;
            }
            return error.code().equals(ErrorCode.STATE_CONFLICT) ? CONFLICT : FAILED;
        }
    }

    /** The figures of one series; the time is that of operations that were not part of a larger commit. */
    private static final class Figures {
        private final LongAdder done = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final LongAdder conflicts = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final PointFigures times = new PointFigures();

        void count(End end) {
            (switch (end) {
                        case DONE -> done;
                        case REFUSED -> refused;
                        case CONFLICT -> conflicts;
                        case FAILED -> failed;
                    })
                    .increment();
        }

        Map<String, @Nullable Object> values() {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("done", done.sum());
            values.put("refused", refused.sum());
            values.put("conflicts", conflicts.sum());
            values.put("failed", failed.sum());
            Map<String, @Nullable Object> durations = times.durations();
            if (durations != null) {
                values.put("duration_stats", durations);
                values.put("buckets", times.buckets());
            }
            return values;
        }
    }

    @Override
    public HookResult execute(HookContext context) {
        HookPoint point = context.point();
        boolean read = point.equals(HookPoint.BEFORE_STATE_READ);
        if (point.equals(HookPoint.AFTER_STATE_WRITE)) {
            if (!context.metadata().containsKey(SEEN)) {
                figures(Series.of(context, false)).count(End.DONE);
            }
            return HookResult.proceed();
        }
        Series series = Series.of(context, read);
        long began = services.time().nanos();
        if (!read) {
            Marks.put(context, SEEN, "true");
        }
        context.onEnd(operation -> ended(series, operation, services.time().nanos() - began, read));
        return HookResult.proceed();
    }

    private Figures figures(Series series) {
        Figures present = all.get(series);
        return present == null ? all.computeIfAbsent(series, fresh -> new Figures()) : present;
    }

    private void ended(Series series, OperationView operation, long nanos, boolean read) {
        End end = End.of(operation.error());
        if (end == End.DONE && !read && operation.error() == null && !(operation.output() instanceof Long)) {
            return; // one of several changes, which commit later
        }
        Figures figures = figures(series);
        figures.count(end);
        figures.times.ended(end == End.DONE, nanos);
        Meters meters = services.meters();
        if (meters != null) {
            meters.time(
                    TIMER,
                    Map.of(
                            "scope", series.scope,
                            "class", series.stateClass,
                            "operation", series.operation,
                            "outcome", end.id),
                    nanos);
        }
    }

    /** By kind of scope, class and operation. */
    @Override
    public Map<String, @Nullable Object> statistics() {
        Map<String, Map<String, Map<String, @Nullable Object>>> shown = new TreeMap<>();
        all.forEach((series, figures) -> shown.computeIfAbsent(series.scope, scope -> new TreeMap<>())
                .computeIfAbsent(series.stateClass, stateClass -> new TreeMap<>())
                .put(series.operation, figures.values()));
        Map<String, @Nullable Object> statistics = new LinkedHashMap<>();
        statistics.put("operations", shown);
        return statistics;
    }
}
