package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookException;
import io.llmspell.hooks.Hooks;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All built-in hooks by name, in the order of the catalogue. */
final class BuiltinCatalogue {
    private final Map<String, Builtin<?>> byName = new LinkedHashMap<>();

    private BuiltinCatalogue(List<Builtin<?>> all) {
        all.forEach(builtin -> byName.put(builtin.name(), builtin));
    }

    static BuiltinCatalogue of(Hooks hooks, BuiltinServices services) {
        return new BuiltinCatalogue(List.of(
                new LoggingBuiltin(services),
                new MetricsBuiltin(hooks, services),
                new DebuggingBuiltin(services),
                new SecurityBuiltin(hooks, services),
                new CachingBuiltin(hooks, services),
                new RateLimitBuiltin(hooks, services),
                new RetryBuiltin(hooks, services),
                new CostTrackingBuiltin(hooks, services),
                new StateValidationBuiltin(hooks, services),
                new StateAuditBuiltin(services),
                new StateMetricsBuiltin(services)));
    }

    static BuiltinCatalogue only(Builtin<?>... some) {
        return new BuiltinCatalogue(List.of(some));
    }

    Builtin<?> get(String name) {
        Builtin<?> builtin = byName.get(name);
        if (builtin == null) {
            throw HookException.unknownBuiltin(name, byName.keySet());
        }
        return builtin;
    }

    Collection<Builtin<?>> all() {
        return byName.values();
    }
}
