package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Describes and starts the hook {@code rate_limit}. */
final class RateLimitBuiltin implements Builtin<RateLimitConfig> {
    private static final Duration NANO = Duration.ofNanos(1);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final long MOST = 1_000_000_000;

    private final BuiltinServices services;
    private final OutputTap tap;

    RateLimitBuiltin(Hooks hooks, BuiltinServices services) {
        this.services = services;
        this.tap = new OutputTap(hooks.systemFirst(), name(), version());
    }

    @Override
    public String name() {
        return RateLimitConfig.NAME;
    }

    @Override
    public String description() {
        return "bounds how often operations run";
    }

    @Override
    public Place place() {
        return Place.SYSTEM_FIRST;
    }

    @Override
    public int priority() {
        return HookOptions.HIGHEST;
    }

    @Override
    public Class<RateLimitConfig> configType() {
        return RateLimitConfig.class;
    }

    @Override
    public List<HookPoint> defaultPoints() {
        return RateLimitConfig.POINTS;
    }

    @Override
    public FailurePolicy failurePolicy(RateLimitConfig config) {
        return FailurePolicy.FAIL_CLOSED;
    }

    @Override
    public RateLimitConfig read(ConfigSection options, List<HookPoint> points) {
        RateLimitConfig.Strategy strategy = options.choice("strategy", RateLimitConfig.Strategy.PER_COMPONENT);
        if (strategy == RateLimitConfig.Strategy.CUSTOM) {
            throw options.wrong(
                    "strategy",
                    "one of per_component, global, per_user, per_key; custom is a Java function, set by "
                            + "RateLimitConfig.builder()");
        }
        RateLimitConfigBuilder builder = RateLimitConfig.builder()
                .points(points)
                .strategy(strategy)
                .keyPattern(options.optionalText("key_pattern"))
                .action(options.choice("action", RateLimitConfig.Action.CANCEL))
                .maxDelay(options.duration("max_delay", Duration.ofSeconds(5), Duration.ZERO, YEAR))
                .redirectTo(options.optionalText("redirect_to"))
                .addHeaders(options.flag("add_headers", true))
                .headerPrefix(options.text("header_prefix", "X-RateLimit-"))
                .warningThreshold(options.number("warning_threshold", 0.8, 0, 1))
                .maxBuckets((int) options.integer("max_buckets", 10_000, 1, 10_000_000))
                .bucketTtl(options.duration("bucket_ttl", Duration.ofHours(1), NANO, YEAR));
        RateLimitConfig.Limit limit = limit(options, null);
        builder.capacity(limit.capacity()).burst(limit.burst()).refill(limit.refillRate(), limit.refillInterval());
        ConfigSection special = options.section("custom_limits");
        for (String key : special.names()) {
            ConfigSection entry = special.section(key);
            builder.customLimit(key, limit(entry, limit));
            entry.end();
        }
        return Options.checked(options, builder::build);
    }

    /** Reads a limit; what a limit of a single key does not say is as in the general one. */
    private static RateLimitConfig.Limit limit(ConfigSection options, RateLimitConfig.@Nullable Limit general) {
        long capacity = options.integer("capacity", general == null ? 100 : general.capacity(), 1, MOST);
        long rate = options.integer("refill_rate", general == null ? 10 : general.refillRate(), 1, MOST);
        Duration every = general == null ? Duration.ofSeconds(1) : general.refillInterval();
        Duration interval = options.duration("refill_interval", every, NANO, YEAR);
        boolean bursts =
                options.flag("allow_burst", general == null || general.burst() > 0 || options.has("burst_capacity"));
        long burst = options.integer("burst_capacity", general == null ? 50 : general.burst(), 0, MOST);
        return Options.checked(options, () -> new RateLimitConfig.Limit(capacity, bursts ? burst : 0, rate, interval));
    }

    @Override
    public RunningBuiltin start(RateLimitConfig config, @Nullable RunningBuiltin previous) {
        RateLimitHook before = previous instanceof RateLimitHook hook ? hook : null;
        return new RateLimitHook(config, services, tap, before);
    }
}
