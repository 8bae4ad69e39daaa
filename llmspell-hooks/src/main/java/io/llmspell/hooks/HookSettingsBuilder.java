package io.llmspell.hooks;

import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Builds {@link HookSettings}; the bounds of each member stand there and are checked by {@link #build()}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class HookSettingsBuilder {
    private final Map<HookPoint, HookSettings.AtPoint> points;
    private final Map<String, HookSettings.OfHook> hooks;
    private Duration deadline;
    private boolean circuitBreaker;
    private boolean monitoring;
    private double overheadTarget;
    private Duration overheadWindow;
    private int overheadMinOperations;
    private Duration overheadMinHookTime;
    private int maxDepth;
    private double retryBudget;
    private Duration maxDelay;
    private int maxIsolatedThreads;
    private BreakerSettings breaker;
    private Duration retentionPeriod;
    private boolean percentiles;

    HookSettingsBuilder(HookSettings start) {
        this.points = new HashMap<>(start.points());
        this.hooks = new HashMap<>(start.hooks());
        this.deadline = start.deadline();
        this.circuitBreaker = start.enableCircuitBreaker();
        this.monitoring = start.enablePerformanceMonitoring();
        this.overheadTarget = start.overheadTarget();
        this.overheadWindow = start.overheadWindow();
        this.overheadMinOperations = start.overheadMinOperations();
        this.overheadMinHookTime = start.overheadMinHookTime();
        this.maxDepth = start.maxDepth();
        this.retryBudget = start.retryBudget();
        this.maxDelay = start.maxDelay();
        this.maxIsolatedThreads = start.maxIsolatedThreads();
        this.breaker = start.breaker();
        this.retentionPeriod = start.retentionPeriod();
        this.percentiles = start.calculatePercentiles();
    }

    /**
     * Sets how long one execution of a hook may take.
     *
     * @param value the deadline
     * @return this builder
     */
    public HookSettingsBuilder deadline(Duration value) {
        this.deadline = value;
        return this;
    }

    /**
     * Sets whether hooks have circuit breakers.
     *
     * @param on whether they have
     * @return this builder
     */
    public HookSettingsBuilder enableCircuitBreaker(boolean on) {
        this.circuitBreaker = on;
        return this;
    }

    /**
     * Sets whether executions are counted and timed, and the overhead is watched.
     *
     * @param on whether they are
     * @return this builder
     */
    public HookSettingsBuilder enablePerformanceMonitoring(boolean on) {
        this.monitoring = on;
        return this;
    }

    /**
     * Sets the share of hooks in the time of operations above which a hook is switched off.
     *
     * @param share such as 0.05
     * @return this builder
     */
    public HookSettingsBuilder overheadTarget(double share) {
        this.overheadTarget = share;
        return this;
    }

    /**
     * Sets over how long the share is taken.
     *
     * @param value the window
     * @return this builder
     */
    public HookSettingsBuilder overheadWindow(Duration value) {
        this.overheadWindow = value;
        return this;
    }

    /**
     * Sets with how many operations in a window a hook may be switched off.
     *
     * @param count the least number
     * @return this builder
     */
    public HookSettingsBuilder overheadMinOperations(int count) {
        this.overheadMinOperations = count;
        return this;
    }

    /**
     * Sets with how much time of hooks per operation a hook may be switched off.
     *
     * @param value the least time
     * @return this builder
     */
    public HookSettingsBuilder overheadMinHookTime(Duration value) {
        this.overheadMinHookTime = value;
        return this;
    }

    /**
     * Sets how many hooks may enclose an operation that has hooks itself.
     *
     * @param depth the largest depth
     * @return this builder
     */
    public HookSettingsBuilder maxDepth(int depth) {
        this.maxDepth = depth;
        return this;
    }

    /**
     * Sets how many of a gate's calls may be repeated on behalf of hooks.
     *
     * @param share such as 0.2
     * @return this builder
     */
    public HookSettingsBuilder retryBudget(double share) {
        this.retryBudget = share;
        return this;
    }

    /**
     * Sets the longest sum of delays that hooks may impose on one operation.
     *
     * @param value the longest delay
     * @return this builder
     */
    public HookSettingsBuilder maxDelay(Duration value) {
        this.maxDelay = value;
        return this;
    }

    /**
     * Sets how many threads run isolated hooks.
     *
     * @param count the most threads
     * @return this builder
     */
    public HookSettingsBuilder maxIsolatedThreads(int count) {
        this.maxIsolatedThreads = count;
        return this;
    }

    /**
     * Sets when breakers open.
     *
     * @param value the settings
     * @return this builder
     */
    public HookSettingsBuilder breaker(BreakerSettings value) {
        this.breaker = value;
        return this;
    }

    /**
     * Sets the period that metrics tell about.
     *
     * @param value the period
     * @return this builder
     */
    public HookSettingsBuilder retentionPeriod(Duration value) {
        this.retentionPeriod = value;
        return this;
    }

    /**
     * Sets whether metrics have percentiles.
     *
     * @param on whether they have
     * @return this builder
     */
    public HookSettingsBuilder calculatePercentiles(boolean on) {
        this.percentiles = on;
        return this;
    }

    /**
     * Sets what differs at a point; the last call for a point counts.
     *
     * @param point the point
     * @param value what differs
     * @return this builder
     */
    public HookSettingsBuilder point(HookPoint point, HookSettings.AtPoint value) {
        points.put(point, value);
        return this;
    }

    /**
     * Sets what differs for a hook; the last call for a hook counts.
     *
     * @param name the hook's name
     * @param value what differs
     * @return this builder
     */
    public HookSettingsBuilder hook(String name, HookSettings.OfHook value) {
        hooks.put(name, value);
        return this;
    }

    /**
     * Builds the settings.
     *
     * @return the settings
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a member is out of range
     */
    public HookSettings build() {
        return new HookSettings(
                deadline,
                circuitBreaker,
                monitoring,
                overheadTarget,
                overheadWindow,
                overheadMinOperations,
                overheadMinHookTime,
                maxDepth,
                retryBudget,
                maxDelay,
                maxIsolatedThreads,
                breaker,
                retentionPeriod,
                percentiles,
                points,
                hooks);
    }
}
