package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.OperationView;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link CachingConfig}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class CachingConfigBuilder {
    private List<HookPoint> points = List.of();
    private long maxEntries = 1_000;
    private Duration defaultTtl = Duration.ofMinutes(5);
    private CachingConfig.Strategy strategy = CachingConfig.Strategy.SUCCESS_ONLY;
    private Set<OperationKind> kinds = Set.of();
    private @Nullable Predicate<OperationView> condition;
    private List<HookPoint> cacheablePoints = CachingConfig.CACHEABLE;
    private List<HookPoint> nonCacheable = CachingConfig.NON_CACHEABLE;
    private boolean useFullContext = true;
    private Duration minExecutionTime = Duration.ofMillis(10);
    private boolean extendTtlOnHit;
    private Duration ttlExtension = Duration.ofSeconds(60);
    private boolean cacheErrors;

    CachingConfigBuilder() {}

    /**
     * Sets where the hook runs.
     *
     * @param where the points; default: the cacheable points
     * @return this builder
     */
    public CachingConfigBuilder points(List<HookPoint> where) {
        this.points = where;
        return this;
    }

    /**
     * Sets how many outputs are kept.
     *
     * @param entries at least 1; default 1,000
     * @return this builder
     */
    public CachingConfigBuilder maxEntries(long entries) {
        this.maxEntries = entries;
        return this;
    }

    /**
     * Sets how long an output is fresh.
     *
     * @param ttl more than 0; default 300 s
     * @return this builder
     */
    public CachingConfigBuilder defaultTtl(Duration ttl) {
        this.defaultTtl = ttl;
        return this;
    }

    /**
     * Sets which outputs are kept.
     *
     * @param which {@link CachingConfig.Strategy#SUCCESS_ONLY} (default) or {@link CachingConfig.Strategy#ALL}; the others
     *     are set with what they decide by
     * @return this builder
     */
    public CachingConfigBuilder strategy(CachingConfig.Strategy which) {
        this.strategy = which;
        return this;
    }

    /**
     * Keeps outputs of some kinds of operations only.
     *
     * @param some the kinds
     * @return this builder
     */
    public CachingConfigBuilder kinds(Set<OperationKind> some) {
        this.strategy = CachingConfig.Strategy.KINDS;
        this.kinds = some;
        return this;
    }

    /**
     * Keeps outputs that a function accepts.
     *
     * @param accepted sees an operation at its end, on its thread; must be safe and quick
     * @return this builder
     */
    public CachingConfigBuilder condition(Predicate<OperationView> accepted) {
        this.strategy = CachingConfig.Strategy.CUSTOM;
        this.condition = accepted;
        return this;
    }

    /**
     * Sets where the hook runs unless {@link #points} says otherwise.
     *
     * @param where the points; default {@code BeforeToolExecution}, {@code BeforeAgentExecution}
     * @return this builder
     */
    public CachingConfigBuilder cacheablePoints(List<HookPoint> where) {
        this.cacheablePoints = where;
        return this;
    }

    /**
     * Sets where the hook never runs.
     *
     * @param where the points; default {@code SecurityViolation}, {@code BeforeStateWrite}, {@code AfterStateWrite}
     * @return this builder
     */
    public CachingConfigBuilder nonCacheable(List<HookPoint> where) {
        this.nonCacheable = where;
        return this;
    }

    /**
     * Sets whether point, component and language of an operation are part of its key.
     *
     * @param on default true; with false, operations of one kind with the same data share their outputs
     * @return this builder
     */
    public CachingConfigBuilder useFullContext(boolean on) {
        this.useFullContext = on;
        return this;
    }

    /**
     * Sets the shortest operation whose output is kept.
     *
     * @param time 0 or more; default 10 ms
     * @return this builder
     */
    public CachingConfigBuilder minExecutionTime(Duration time) {
        this.minExecutionTime = time;
        return this;
    }

    /**
     * Makes a hit keep an output fresh longer.
     *
     * @param by how much is added to the time that it has left
     * @return this builder
     */
    public CachingConfigBuilder extendTtlOnHit(Duration by) {
        this.extendTtlOnHit = true;
        this.ttlExtension = by;
        return this;
    }

    /**
     * Sets whether errors are kept too.
     *
     * @param on default false
     * @return this builder
     */
    public CachingConfigBuilder cacheErrors(boolean on) {
        this.cacheErrors = on;
        return this;
    }

    /** The same with an extension that may be switched off. */
    CachingConfigBuilder extendTtlOnHit(boolean on, Duration by) {
        this.extendTtlOnHit = on;
        this.ttlExtension = by;
        return this;
    }

    /** The same with kinds that only count under their strategy. */
    CachingConfigBuilder strategy(CachingConfig.Strategy which, Set<OperationKind> some) {
        this.strategy = which;
        this.kinds = some;
        return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a member is out of range
     */
    public CachingConfig build() {
        return new CachingConfig(
                points,
                maxEntries,
                defaultTtl,
                strategy,
                kinds,
                condition,
                cacheablePoints,
                nonCacheable,
                useFullContext,
                minExecutionTime,
                extendTtlOnHit,
                ttlExtension,
                cacheErrors);
    }
}
