package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Describes and starts the hook {@code caching}. */
final class CachingBuiltin implements Builtin<CachingConfig> {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final BuiltinServices services;
    private final OutputTap tap;

    CachingBuiltin(Hooks hooks, BuiltinServices services) {
        this.services = services;
        this.tap = new OutputTap(hooks.systemFirst(), name(), version());
    }

    @Override
    public String name() {
        return CachingConfig.NAME;
    }

    @Override
    public String description() {
        return "answers operations with outputs that it has kept";
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
    public Class<CachingConfig> configType() {
        return CachingConfig.class;
    }

    @Override
    public List<HookPoint> defaultPoints() {
        return CachingConfig.CACHEABLE;
    }

    @Override
    public CachingConfig read(ConfigSection options, List<HookPoint> points) {
        CachingConfig.Strategy strategy = options.choice("strategy", CachingConfig.Strategy.SUCCESS_ONLY);
        if (strategy == CachingConfig.Strategy.CUSTOM) {
            throw options.wrong(
                    "strategy",
                    "one of success_only, all, kinds; custom is a Java function, set by CachingConfig.builder()");
        }
        CachingConfigBuilder builder = CachingConfig.builder()
                .points(points)
                .maxEntries(options.integer("max_entries", 1_000, 1, 100_000_000))
                .defaultTtl(options.duration("default_ttl", Duration.ofSeconds(300), SHORTEST, LONGEST))
                .strategy(strategy, kinds(options))
                .cacheablePoints(BuiltinPoints.read(options, "cacheable_points", CachingConfig.CACHEABLE))
                .nonCacheable(BuiltinPoints.read(options, "non_cacheable", CachingConfig.NON_CACHEABLE))
                .useFullContext(options.flag("use_full_context", true))
                .minExecutionTime(options.duration("min_execution_time", Duration.ofMillis(10), Duration.ZERO, LONGEST))
                .extendTtlOnHit(
                        options.flag("extend_ttl_on_hit", false),
                        options.duration("ttl_extension", Duration.ofSeconds(60), Duration.ZERO, LONGEST))
                .cacheErrors(options.flag("cache_errors", false));
        return Options.checked(options, builder::build);
    }

    private static Set<OperationKind> kinds(ConfigSection options) {
        Set<OperationKind> kinds = EnumSet.noneOf(OperationKind.class);
        for (String word : options.texts("kinds", List.of())) {
            kinds.add(Arrays.stream(OperationKind.values())
                    .filter(kind -> kind.id().equals(word))
                    .findFirst()
                    .orElseThrow(() -> options.wrong("kinds", "a list of kinds of operations, such as tool_call")));
        }
        return kinds;
    }

    @Override
    public RunningBuiltin start(CachingConfig config, @Nullable RunningBuiltin previous) {
        CachingHook before = previous instanceof CachingHook hook ? hook : null;
        return new CachingHook(config, services, tap, before);
    }
}
