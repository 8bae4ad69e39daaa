package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookException;
import io.llmspell.hooks.Hooks;
import java.util.ArrayList;
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
        List<Builtin<?>> all = new ArrayList<>();
        all.add(new LoggingBuiltin(services));
        all.add(new MetricsBuiltin(hooks, services));
        all.add(new DebuggingBuiltin(services));
        all.add(new SecurityBuiltin(hooks, services));
        return new BuiltinCatalogue(all);
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
