package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code rate_limit}, which bounds how often operations run.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param points where it runs; empty for {@code BeforeToolExecution} and {@code BeforeAgentExecution}
 * @param strategy what shares a limit
 * @param keyPattern for {@link Strategy#PER_KEY}: a text with {@code {component}}, {@code {hook_point}}, {@code {user}}
 * @param keyFunction for {@link Strategy#CUSTOM}: gives the key of an operation; null for the other strategies
 * @param limit the limit of each key
 * @param customLimits limits of single keys
 * @param action what happens to an operation beyond the limit
 * @param maxDelay the longest wait of {@link Action#DELAY}; who would wait longer is cancelled
 * @param redirectTo for {@link Action#REDIRECT}: the name of the peer that does the work instead; else null
 * @param addHeaders whether the state of the limit is left in the metadata
 * @param headerPrefix with what the names of these texts begin
 * @param warningThreshold the used share of a limit from which warnings are given, 0 to 1
 * @param maxBuckets how many keys are remembered
 * @param bucketTtl how long an idle key is remembered
 */
public record RateLimitConfig(
        List<HookPoint> points,
        Strategy strategy,
        @Nullable String keyPattern,
        @Nullable Function<HookContext, String> keyFunction,
        Limit limit,
        Map<String, Limit> customLimits,
        Action action,
        Duration maxDelay,
        @Nullable String redirectTo,
        boolean addHeaders,
        String headerPrefix,
        double warningThreshold,
        int maxBuckets,
        Duration bucketTtl)
        implements BuiltinConfig {
    static final String NAME = "rate_limit";
    static final List<HookPoint> POINTS = List.of(HookPoint.BEFORE_TOOL_EXECUTION, HookPoint.BEFORE_AGENT_EXECUTION);
    private static final Pattern PLACE = Pattern.compile("\\{([^}]*)}");
    private static final List<String> PLACES = List.of("component", "hook_point", "user");

    /** What shares a limit. */
    public enum Strategy {
        /** All calls of one component. */
        PER_COMPONENT,
        /** All calls. */
        GLOBAL,
        /** All calls of one principal. */
        PER_USER,
        /** All calls for which a pattern gives the same text. */
        PER_KEY,
        /** All calls for which a Java function gives the same text. */
        CUSTOM
    }

    /** What happens to an operation beyond the limit. */
    public enum Action {
        /** It is refused. */
        CANCEL,
        /** It waits for its turn. */
        DELAY,
        /** A peer does the work. */
        REDIRECT,
        /** It gets the last output of the same request; without one it is refused. */
        RETURN_CACHED
    }

    /**
     * A token bucket, which begins full.
     *
     * @param capacity how many operations may run at once, at least 1
     * @param burst how many more may run after a quiet time, 0 or more
     * @param refillRate how many tokens come back in each interval, at least 1, evenly spread
     * @param refillInterval the interval, more than 0
     */
    public record Limit(long capacity, long burst, long refillRate, Duration refillInterval) {
        private static final long MOST = 1_000_000_000;

        /**
         * Checks the members.
         *
         * @param capacity how many operations may run at once
         * @param burst how many more after a quiet time
         * @param refillRate how many tokens come back in each interval
         * @param refillInterval the interval
         * @throws ArgumentException {@code invalid_argument} if one is out of range
         */
        public Limit {
            if (capacity < 1 || capacity > MOST || burst < 0 || burst > MOST) {
                throw new ArgumentException(
                        "capacity, burst", capacity + ", " + burst, "1 to " + MOST + " and 0 to " + MOST);
            }
            boolean known = refillInterval.compareTo(Duration.ofDays(365)) <= 0 && !refillInterval.isNegative();
            if (refillRate < 1 || !known || refillInterval.toNanos() < refillRate) {
                throw new ArgumentException(
                        "refill",
                        refillRate + " per " + refillInterval,
                        "at least 1 per interval of at most 365 days, and at most 1 per nanosecond");
            }
        }

        /** All tokens of a full bucket. */
        long full() {
            return capacity + burst;
        }
    }

    /**
     * Copies and checks the members.
     *
     * @param points where it runs
     * @param strategy what shares a limit
     * @param keyPattern for {@link Strategy#PER_KEY}
     * @param keyFunction for {@link Strategy#CUSTOM}
     * @param limit the limit of each key
     * @param customLimits limits of single keys
     * @param action what happens beyond the limit
     * @param maxDelay the longest wait
     * @param redirectTo for {@link Action#REDIRECT}
     * @param addHeaders whether the state of the limit is left in the metadata
     * @param headerPrefix with what the names of these texts begin
     * @param warningThreshold the used share from which warnings are given
     * @param maxBuckets how many keys are remembered
     * @param bucketTtl how long an idle key is remembered
     * @throws ArgumentException {@code invalid_argument} if one is out of range, or a strategy or action lacks what it
     *     needs
     */
    public RateLimitConfig {
        points = List.copyOf(points);
        customLimits = Collections.unmodifiableMap(new LinkedHashMap<>(customLimits));
        if (strategy == Strategy.PER_KEY) {
            checkPattern(keyPattern);
        }
        if ((strategy == Strategy.CUSTOM) != (keyFunction != null)) {
            throw new ArgumentException(
                    "strategy", Options.id(strategy), "custom exactly if there is a Java function for the key");
        }
        if (action == Action.REDIRECT && (redirectTo == null || redirectTo.isBlank())) {
            throw new ArgumentException("redirect_to", String.valueOf(redirectTo), "the name of a peer");
        }
        if (maxDelay.isNegative() || bucketTtl.isNegative() || bucketTtl.isZero()) {
            throw new ArgumentException(
                    "max delay, bucket ttl", maxDelay + ", " + bucketTtl, "0 or more, and more than 0");
        }
        if (!(warningThreshold >= 0 && warningThreshold <= 1)) {
            throw new ArgumentException("warning threshold", String.valueOf(warningThreshold), "0 to 1");
        }
        if (maxBuckets < 1) {
            throw new ArgumentException("max buckets", String.valueOf(maxBuckets), "at least 1");
        }
        if (headerPrefix.length() > 64) {
            throw new ArgumentException("header prefix", headerPrefix, "at most 64 characters");
        }
    }

    private static void checkPattern(@Nullable String pattern) {
        if (pattern == null || pattern.isEmpty()) {
            throw new ArgumentException(
                    "key_pattern", String.valueOf(pattern), "a text with {component}, {hook_point} or {user}");
        }
        Matcher places = PLACE.matcher(pattern);
        while (places.find()) {
            if (!PLACES.contains(places.group(1))) {
                throw new ArgumentException(
                        "key_pattern", pattern, "a text with {component}, {hook_point} or {user} and no other braces");
            }
        }
    }

    /** Whether buckets made under other settings can go on under these. */
    boolean sameBuckets(RateLimitConfig other) {
        return strategy == other.strategy
                && limit.equals(other.limit)
                && customLimits.equals(other.customLimits)
                && maxBuckets == other.maxBuckets
                && bucketTtl.equals(other.bucketTtl);
    }

    /**
     * Begins with the defaults.
     *
     * @return a builder
     */
    public static RateLimitConfigBuilder builder() {
        return new RateLimitConfigBuilder();
    }

    @Override
    public String hook() {
        return NAME;
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("strategy", Options.id(strategy));
        values.put("key_pattern", keyPattern);
        values.putAll(values(limit));
        Map<String, @Nullable Object> custom = new LinkedHashMap<>();
        customLimits.forEach((key, special) -> custom.put(key, values(special)));
        values.put("custom_limits", custom);
        values.put("action", Options.id(action));
        values.put("max_delay", Options.text(maxDelay));
        values.put("redirect_to", redirectTo);
        values.put("add_headers", addHeaders);
        values.put("header_prefix", headerPrefix);
        values.put("warning_threshold", warningThreshold);
        values.put("max_buckets", maxBuckets);
        values.put("bucket_ttl", Options.text(bucketTtl));
        return values;
    }

    private static Map<String, @Nullable Object> values(Limit limit) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("capacity", limit.capacity());
        values.put("allow_burst", limit.burst() > 0);
        values.put("burst_capacity", limit.burst());
        values.put("refill_rate", limit.refillRate());
        values.put("refill_interval", Options.text(limit.refillInterval()));
        return values;
    }
}
