package io.llmspell.hooks;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What hooks may cost, and what guards an operation against them: the section {@code [hooks]} of the configuration.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param deadline how long one execution of a hook may take, 1 ms to 1 hour
 * @param enableCircuitBreaker whether hooks have circuit breakers
 * @param enablePerformanceMonitoring whether executions are counted and timed, and the overhead is watched
 * @param overheadTarget the share of hooks in the time of a component's operations above which a hook is switched off,
 *     0.001 to 1
 * @param overheadWindow over how long the share is taken, 1 s to 1 day
 * @param overheadMinOperations with fewer operations in a window nothing is switched off, 1 to 1,000,000
 * @param overheadMinHookTime with less time of hooks per operation nothing is switched off, 0 to 1 h
 * @param maxDepth how many hooks may enclose an operation that has hooks itself, 1 to 64
 * @param retryBudget how many of a gate's calls may be repeated on behalf of hooks, 0 to 1
 * @param maxDelay the longest sum of delays that hooks may impose on one operation, 0 to 1 h
 * @param maxIsolatedThreads how many threads run isolated hooks, 1 to 256
 * @param breaker the settings of the breakers
 * @param retentionPeriod the period that metrics tell about, 1 s to 7 days
 * @param calculatePercentiles whether metrics have percentiles
 * @param points what differs at single points, by the name of the point
 * @param hooks what differs for single hooks, by their name
 */
public record HookSettings(
        Duration deadline,
        boolean enableCircuitBreaker,
        boolean enablePerformanceMonitoring,
        double overheadTarget,
        Duration overheadWindow,
        int overheadMinOperations,
        Duration overheadMinHookTime,
        int maxDepth,
        double retryBudget,
        Duration maxDelay,
        int maxIsolatedThreads,
        BreakerSettings breaker,
        Duration retentionPeriod,
        boolean calculatePercentiles,
        Map<HookPoint, AtPoint> points,
        Map<String, OfHook> hooks) {
    static final Duration SHORTEST_DEADLINE = Duration.ofMillis(1);
    static final Duration HOUR = Duration.ofHours(1);
    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration DAY = Duration.ofDays(1);
    static final Duration WEEK = Duration.ofDays(7);
    static final int MOST_OPERATIONS = 1_000_000;
    static final double SMALLEST_TARGET = 0.001;
    static final int LARGEST_DEPTH = 64;
    static final int MOST_THREADS = 256;

    /** The defaults. */
    public static final HookSettings DEFAULT = new HookSettings(
            Duration.ofMillis(100),
            true,
            true,
            0.05,
            Duration.ofSeconds(30),
            100,
            Duration.ofNanos(10_000),
            8,
            0.2,
            Duration.ofSeconds(5),
            8,
            BreakerSettings.DEFAULT,
            HOUR,
            true,
            Map.of(),
            Map.of());

    /**
     * What differs at one point.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param deadline how long one execution of a hook may take here, or null
     * @param breaker the settings of the breakers here, or null
     * @param operationThreshold above which an operation that passes this point counts as too long, or null for no limit
     */
    public record AtPoint(
            @Nullable Duration deadline,
            @Nullable BreakerSettings breaker,
            @Nullable Duration operationThreshold) {
        /**
         * Checks the members.
         *
         * @param deadline how long one execution may take, 1 ms to 1 hour
         * @param breaker the settings of the breakers
         * @param operationThreshold the longest time of an operation, 1 ms to 7 days
         * @throws ArgumentException {@code invalid_argument} if a member is out of range
         */
        public AtPoint {
            if (deadline != null) {
                within("deadline", deadline, SHORTEST_DEADLINE, HOUR);
            }
            if (operationThreshold != null) {
                within("operation_threshold", operationThreshold, SHORTEST_DEADLINE, WEEK);
            }
        }
    }

    /**
     * What differs for one hook, at all its points; it wins over what the hook was registered with.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param timeout how long one execution may take, or null
     * @param isolated whether it runs on a thread of its own, or null
     * @param useCircuitBreaker whether it has a breaker
     * @param breaker the settings of its breaker, or null
     * @param failurePolicy what its failure does, or null
     */
    public record OfHook(
            @Nullable Duration timeout,
            @Nullable Boolean isolated,
            boolean useCircuitBreaker,
            @Nullable BreakerSettings breaker,
            @Nullable FailurePolicy failurePolicy) {
        /**
         * Checks the members.
         *
         * @param timeout how long one execution may take, 1 ms to 1 hour
         * @param isolated whether it runs on a thread of its own
         * @param useCircuitBreaker whether it has a breaker
         * @param breaker the settings of its breaker
         * @param failurePolicy what its failure does
         * @throws ArgumentException {@code invalid_argument} if a member is out of range
         */
        public OfHook {
            if (timeout != null) {
                within("timeout", timeout, SHORTEST_DEADLINE, HOUR);
            }
        }
    }

    /**
     * Checks and copies the members.
     *
     * @param deadline how long one execution may take
     * @param enableCircuitBreaker whether hooks have breakers
     * @param enablePerformanceMonitoring whether executions are measured
     * @param overheadTarget the share above which a hook is switched off
     * @param overheadWindow over how long the share is taken
     * @param overheadMinOperations from how many operations
     * @param overheadMinHookTime from how much time per operation
     * @param maxDepth how many hooks may enclose an operation with hooks
     * @param retryBudget how many calls may be repeated
     * @param maxDelay the longest sum of delays
     * @param maxIsolatedThreads how many threads run isolated hooks
     * @param breaker the settings of the breakers
     * @param retentionPeriod the period that metrics tell about
     * @param calculatePercentiles whether metrics have percentiles
     * @param points what differs at points
     * @param hooks what differs for hooks
     * @throws ArgumentException {@code invalid_argument} if a member is out of range
     */
    public HookSettings {
        within("deadline", deadline, SHORTEST_DEADLINE, HOUR);
        within("overhead_target", overheadTarget, SMALLEST_TARGET, 1);
        within("overhead_window", overheadWindow, SECOND, DAY);
        within("overhead_min_operations", overheadMinOperations, 1, MOST_OPERATIONS);
        within("overhead_min_hook_time", overheadMinHookTime, Duration.ZERO, HOUR);
        within("max_depth", maxDepth, 1, LARGEST_DEPTH);
        within("retry_budget", retryBudget, 0, 1);
        within("max_delay", maxDelay, Duration.ZERO, HOUR);
        within("max_isolated_threads", maxIsolatedThreads, 1, MOST_THREADS);
        within("retention_period", retentionPeriod, SECOND, WEEK);
        Objects.requireNonNull(breaker, "breaker");
        points = Map.copyOf(points);
        hooks = Map.copyOf(hooks);
    }

    private static void within(String what, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new ArgumentException("hooks." + what, number(value), number(least) + " to " + number(most));
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static void within(String what, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new ArgumentException("hooks." + what, value.toString(), least + " to " + most);
        }
    }

    /**
     * A builder with the defaults.
     *
     * @return the builder
     */
    public static HookSettingsBuilder builder() {
        return new HookSettingsBuilder(DEFAULT);
    }

    /**
     * A builder that begins with these settings.
     *
     * @return the builder
     */
    public HookSettingsBuilder toBuilder() {
        return new HookSettingsBuilder(this);
    }

    /**
     * Reads the section {@code [hooks]} and, inside it, {@code breaker}, {@code performance}, {@code points.POINT} and
     * {@code hook.NAME}.
     *
     * @param section the section
     * @param others the names of sections inside it that others read, such as those of the built-in hooks
     * @return the settings
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} for an unknown option or a wrong value
     */
    public static HookSettings from(ConfigSection section, Set<String> others) {
        return HookSettingsReader.read(section, others);
    }

    /**
     * How long one execution of a hook may take: what is set for its name, else what it was registered with, else what is
     * set for the point, else for all.
     *
     * @param point where it runs
     * @param options how it is registered
     * @return the deadline
     */
    public Duration deadline(HookPoint point, HookOptions options) {
        OfHook own = hooks.get(options.name());
        if (own != null && own.timeout != null) {
            return own.timeout;
        }
        Duration asked = options.timeout();
        AtPoint here = points.get(point);
        if (asked == null && here != null) {
            asked = here.deadline;
        }
        return asked == null ? deadline : asked;
    }

    /** Above which time an operation that passes the point counts as too long; null for no limit. */
    @Nullable Duration operationThreshold(HookPoint point) {
        AtPoint here = points.get(point);
        return here == null ? null : here.operationThreshold;
    }
}
