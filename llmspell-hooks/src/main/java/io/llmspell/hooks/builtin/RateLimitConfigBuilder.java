package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link RateLimitConfig}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class RateLimitConfigBuilder {
    private List<HookPoint> points = List.of();
    private RateLimitConfig.Strategy strategy = RateLimitConfig.Strategy.PER_COMPONENT;
    private @Nullable String keyPattern;
    private @Nullable Function<HookContext, String> keyFunction;
    private long capacity = 100;
    private long burst = 50;
    private long refillRate = 10;
    private Duration refillInterval = Duration.ofSeconds(1);
    private final Map<String, RateLimitConfig.Limit> customLimits = new LinkedHashMap<>();
    private RateLimitConfig.Action action = RateLimitConfig.Action.CANCEL;
    private Duration maxDelay = Duration.ofSeconds(5);
    private @Nullable String redirectTo;
    private boolean addHeaders = true;
    private String headerPrefix = "X-RateLimit-";
    private double warningThreshold = 0.8;
    private int maxBuckets = 10_000;
    private Duration bucketTtl = Duration.ofHours(1);

    RateLimitConfigBuilder() {}

    /**
     * Sets where the hook runs.
     *
     * @param where the points; default: {@code BeforeToolExecution} and {@code BeforeAgentExecution}
     * @return this builder
     */
    public RateLimitConfigBuilder points(List<HookPoint> where) {
        this.points = where;
        return this;
    }

    /**
     * Sets what shares a limit.
     *
     * @param which default {@link RateLimitConfig.Strategy#PER_COMPONENT}; the two that need a key are set by
     *     {@link #perKey} and {@link #key}
     * @return this builder
     */
    public RateLimitConfigBuilder strategy(RateLimitConfig.Strategy which) {
        this.strategy = which;
        return this;
    }

    /**
     * Shares a limit among calls for which a pattern gives the same text.
     *
     * @param pattern a text with {@code {component}}, {@code {hook_point}}, {@code {user}}
     * @return this builder
     */
    public RateLimitConfigBuilder perKey(String pattern) {
        this.strategy = RateLimitConfig.Strategy.PER_KEY;
        this.keyPattern = pattern;
        return this;
    }

    /**
     * Shares a limit among calls for which a function gives the same text.
     *
     * @param function called on the thread of the operation; must be safe and quick; what it throws refuses the operation
     * @return this builder
     */
    public RateLimitConfigBuilder key(Function<HookContext, String> function) {
        this.strategy = RateLimitConfig.Strategy.CUSTOM;
        this.keyFunction = function;
        return this;
    }

    /**
     * Sets how many operations may run at once.
     *
     * @param tokens at least 1; default 100
     * @return this builder
     */
    public RateLimitConfigBuilder capacity(long tokens) {
        this.capacity = tokens;
        return this;
    }

    /**
     * Sets how many more may run after a quiet time.
     *
     * @param tokens 0 or more; default 50
     * @return this builder
     */
    public RateLimitConfigBuilder burst(long tokens) {
        this.burst = tokens;
        return this;
    }

    /**
     * Sets how fast tokens come back.
     *
     * @param tokens at least 1; default 10
     * @param interval in which they come back, evenly spread; default 1 s
     * @return this builder
     */
    public RateLimitConfigBuilder refill(long tokens, Duration interval) {
        this.refillRate = tokens;
        this.refillInterval = interval;
        return this;
    }

    /**
     * Sets the limit of one key.
     *
     * @param key the key as statistics show it, or the bare name of a component
     * @param limit its limit
     * @return this builder
     */
    public RateLimitConfigBuilder customLimit(String key, RateLimitConfig.Limit limit) {
        customLimits.put(key, limit);
        return this;
    }

    /**
     * Sets what happens to an operation beyond the limit.
     *
     * @param what default {@link RateLimitConfig.Action#CANCEL}
     * @return this builder
     */
    public RateLimitConfigBuilder action(RateLimitConfig.Action what) {
        this.action = what;
        return this;
    }

    /**
     * Sets the longest wait of {@link RateLimitConfig.Action#DELAY}.
     *
     * @param longest 0 or more; default 5 s
     * @return this builder
     */
    public RateLimitConfigBuilder maxDelay(Duration longest) {
        this.maxDelay = longest;
        return this;
    }

    /**
     * Sets the peer that works for {@link RateLimitConfig.Action#REDIRECT}.
     *
     * @param peer its name, or null
     * @return this builder
     */
    public RateLimitConfigBuilder redirectTo(@Nullable String peer) {
        this.redirectTo = peer;
        return this;
    }

    /**
     * Sets whether the state of the limit is left in the metadata.
     *
     * @param on default true
     * @return this builder
     */
    public RateLimitConfigBuilder addHeaders(boolean on) {
        this.addHeaders = on;
        return this;
    }

    /**
     * Sets with what the names of these texts begin.
     *
     * @param prefix at most 64 characters; default {@code X-RateLimit-}
     * @return this builder
     */
    public RateLimitConfigBuilder headerPrefix(String prefix) {
        this.headerPrefix = prefix;
        return this;
    }

    /**
     * Sets the used share of a limit from which warnings are given.
     *
     * @param share 0 to 1; default 0.8
     * @return this builder
     */
    public RateLimitConfigBuilder warningThreshold(double share) {
        this.warningThreshold = share;
        return this;
    }

    /**
     * Sets how many keys are remembered.
     *
     * @param most at least 1; default 10,000
     * @return this builder
     */
    public RateLimitConfigBuilder maxBuckets(int most) {
        this.maxBuckets = most;
        return this;
    }

    /**
     * Sets how long an idle key is remembered.
     *
     * @param time more than 0; default 1 h
     * @return this builder
     */
    public RateLimitConfigBuilder bucketTtl(Duration time) {
        this.bucketTtl = time;
        return this;
    }

    /** A pattern that only counts under its strategy. */
    RateLimitConfigBuilder keyPattern(@Nullable String pattern) {
        this.keyPattern = pattern;
        return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a member is out of range
     */
    public RateLimitConfig build() {
        return new RateLimitConfig(
                points,
                strategy,
                keyPattern,
                keyFunction,
                new RateLimitConfig.Limit(capacity, burst, refillRate, refillInterval),
                customLimits,
                action,
                maxDelay,
                redirectTo,
                addHeaders,
                headerPrefix,
                warningThreshold,
                maxBuckets,
                bucketTtl);
    }
}
