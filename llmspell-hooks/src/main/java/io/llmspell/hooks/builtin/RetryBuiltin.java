package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Describes and starts the hook {@code retry}. */
final class RetryBuiltin implements Builtin<RetryConfig> {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final BuiltinServices services;
    private final OutputTap tap;

    RetryBuiltin(Hooks hooks, BuiltinServices services) {
        this.services = services;
        this.tap = new OutputTap(hooks.systemFirst(), name(), version());
    }

    @Override
    public String name() {
        return RetryConfig.NAME;
    }

    @Override
    public String description() {
        return "runs operations again that failed for reasons that may pass";
    }

    @Override
    public Place place() {
        return Place.USER;
    }

    @Override
    public int priority() {
        return HookOptions.HIGH;
    }

    @Override
    public Class<RetryConfig> configType() {
        return RetryConfig.class;
    }

    @Override
    public List<HookPoint> defaultPoints() {
        return RetryConfig.POINTS;
    }

    @Override
    public RetryConfig read(ConfigSection options, List<HookPoint> points) {
        RetryConfigBuilder builder = RetryConfig.builder()
                .points(points)
                .maxAttempts((int) options.integer("max_attempts", 3, 1, RetryConfig.MOST_ATTEMPTS))
                .backoff(backoff(options))
                .jitter(options.choice("jitter", Jitter.NONE))
                .retryable(Set.copyOf(options.texts("retryable", RetryConfig.RETRYABLE)))
                .nonRetryable(Set.copyOf(options.texts("non_retryable", List.of())))
                .retryOnTimeout(options.flag("retry_on_timeout", true))
                .retryOnRateLimit(options.flag("retry_on_rate_limit", true))
                .maxRetryDuration(
                        options.duration("max_retry_duration", Duration.ofMinutes(5), Duration.ZERO, LONGEST));
        return Options.checked(options, builder::build);
    }

    /** A word, or a table with {@code type}, {@code base}, {@code factor} and {@code max}. */
    private static Backoff backoff(ConfigSection options) {
        Backoff normal = Backoff.DEFAULT;
        if (options.raw("backoff") instanceof String) {
            Backoff.Strategy strategy = options.choice("backoff", normal.strategy());
            return new Backoff(strategy, normal.base(), normal.factor(), normal.max());
        }
        ConfigSection table = options.section("backoff");
        Backoff.Strategy strategy = table.choice("type", normal.strategy());
        Duration base = table.duration("base", normal.base(), SHORTEST, LONGEST);
        double factor = table.number("factor", normal.factor(), 1, 1_000);
        Duration max = table.duration("max", normal.max(), SHORTEST, LONGEST);
        table.end();
        return Options.checked(table, () -> new Backoff(strategy, base, factor, max));
    }

    @Override
    public RunningBuiltin start(RetryConfig config, @Nullable RunningBuiltin previous) {
        RetryHook before = previous instanceof RetryHook hook ? hook : null;
        return new RetryHook(config, services, tap, before);
    }
}
