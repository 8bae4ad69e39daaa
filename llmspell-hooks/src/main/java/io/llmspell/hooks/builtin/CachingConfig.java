package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.OperationView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code caching}, which answers operations with outputs that it has kept.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param points where it runs: as given, else {@code cacheablePoints}; without {@code nonCacheable}
 * @param maxEntries how many outputs are kept; what was used least is dropped
 * @param defaultTtl how long an output is fresh
 * @param strategy which outputs are kept
 * @param kinds the kinds of operations whose outputs {@link Strategy#KINDS} keeps
 * @param condition what {@link Strategy#CUSTOM} keeps: an operation at its end; null for the other strategies
 * @param cacheablePoints where it runs unless {@code points} says otherwise
 * @param nonCacheable where it never runs
 * @param useFullContext whether point, component and language of an operation are part of its key
 * @param minExecutionTime the shortest operation whose output is kept
 * @param extendTtlOnHit whether a hit makes an output stay fresh longer
 * @param ttlExtension by how much
 * @param cacheErrors whether errors are kept too; a hit then cancels the operation with the text of the error
 */
public record CachingConfig(
        List<HookPoint> points,
        long maxEntries,
        Duration defaultTtl,
        Strategy strategy,
        Set<OperationKind> kinds,
        @Nullable Predicate<OperationView> condition,
        List<HookPoint> cacheablePoints,
        List<HookPoint> nonCacheable,
        boolean useFullContext,
        Duration minExecutionTime,
        boolean extendTtlOnHit,
        Duration ttlExtension,
        boolean cacheErrors)
        implements BuiltinConfig {
    static final String NAME = "caching";
    static final List<HookPoint> CACHEABLE = List.of(HookPoint.BEFORE_TOOL_EXECUTION, HookPoint.BEFORE_AGENT_EXECUTION);
    static final List<HookPoint> NON_CACHEABLE =
            List.of(HookPoint.SECURITY_VIOLATION, HookPoint.BEFORE_STATE_WRITE, HookPoint.AFTER_STATE_WRITE);

    /** Which outputs are kept. */
    public enum Strategy {
        /** Those of operations that ended well and do not say {@code success = false} themselves. */
        SUCCESS_ONLY,
        /** All outputs. */
        ALL,
        /** As {@link #SUCCESS_ONLY}, and only of some kinds of operations. */
        KINDS,
        /** Those that a Java function accepts. */
        CUSTOM
    }

    /**
     * Copies and checks the members.
     *
     * @param points where it runs, empty for {@code cacheablePoints}
     * @param maxEntries how many outputs are kept
     * @param defaultTtl how long an output is fresh
     * @param strategy which outputs are kept
     * @param kinds for {@link Strategy#KINDS}
     * @param condition for {@link Strategy#CUSTOM}
     * @param cacheablePoints where it runs by default
     * @param nonCacheable where it never runs
     * @param useFullContext whether point, component and language are part of the key
     * @param minExecutionTime the shortest operation whose output is kept
     * @param extendTtlOnHit whether a hit makes an output stay fresh longer
     * @param ttlExtension by how much
     * @param cacheErrors whether errors are kept too
     * @throws ArgumentException {@code invalid_argument} if one is out of range, a point has no output to keep, or a
     *     strategy lacks what it decides by
     */
    public CachingConfig {
        kinds = Set.copyOf(kinds);
        cacheablePoints = List.copyOf(cacheablePoints);
        nonCacheable = List.copyOf(nonCacheable);
        points = effective(points.isEmpty() ? cacheablePoints : points, nonCacheable);
        if (maxEntries < 1) {
            throw new ArgumentException("max entries", String.valueOf(maxEntries), "at least 1");
        }
        if (defaultTtl.isNegative() || defaultTtl.isZero()) {
            throw new ArgumentException("default ttl", defaultTtl.toString(), "more than 0");
        }
        if (minExecutionTime.isNegative() || ttlExtension.isNegative()) {
            throw new ArgumentException(
                    "min execution time, ttl extension", minExecutionTime + ", " + ttlExtension, "0 or more");
        }
        if (strategy == Strategy.KINDS && kinds.isEmpty()) {
            throw new ArgumentException("kinds", "empty", "at least one kind of operation, such as tool_call");
        }
        if ((strategy == Strategy.CUSTOM) != (condition != null)) {
            throw new ArgumentException(
                    "strategy", Options.id(strategy), "custom exactly if there is a Java function as condition");
        }
    }

    private static List<HookPoint> effective(List<HookPoint> wanted, List<HookPoint> never) {
        Set<HookPoint> points = new LinkedHashSet<>(wanted);
        points.removeAll(never);
        for (HookPoint point : points) {
            if (point.equals(HookPoint.BEFORE_STATE_READ)) {
                throw new ArgumentException(
                        "point of caching",
                        point.name(),
                        "one whose output no write makes wrong; what is read of state is cached by the state manager,"
                                + " which knows each write ([state] cache_size)");
            }
            if (point.info().phase() != HookPhase.BEFORE
                    || OutputTap.after(point).isEmpty()) {
                throw new ArgumentException(
                        "point of caching",
                        point.name(),
                        "one before an operation with an output, such as "
                                + "BeforeToolExecution, BeforeAgentExecution or agent_model_request");
            }
        }
        if (points.isEmpty()) {
            throw new ArgumentException("points of caching", "empty", "at least one that is not in non_cacheable");
        }
        return List.copyOf(new ArrayList<>(points));
    }

    /**
     * Begins with the defaults.
     *
     * @return a builder
     */
    public static CachingConfigBuilder builder() {
        return new CachingConfigBuilder();
    }

    @Override
    public String hook() {
        return NAME;
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("max_entries", maxEntries);
        values.put("default_ttl", Options.text(defaultTtl));
        values.put("strategy", Options.id(strategy));
        values.put("kinds", kinds.stream().map(OperationKind::id).sorted().toList());
        values.put("cacheable_points", BuiltinPoints.names(cacheablePoints));
        values.put("non_cacheable", BuiltinPoints.names(nonCacheable));
        values.put("use_full_context", useFullContext);
        values.put("min_execution_time", Options.text(minExecutionTime));
        values.put("extend_ttl_on_hit", extendTtlOnHit);
        values.put("ttl_extension", Options.text(ttlExtension));
        values.put("cache_errors", cacheErrors);
        return values;
    }
}
