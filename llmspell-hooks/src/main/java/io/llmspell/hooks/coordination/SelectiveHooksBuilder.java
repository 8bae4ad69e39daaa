package io.llmspell.hooks.coordination;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.ReactiveHook;
import io.llmspell.core.time.TimeSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Declares the features and hooks of {@link SelectiveHooks}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class SelectiveHooksBuilder {
    private final HookRegistry registry;
    private final Map<String, Set<String>> features = new LinkedHashMap<>();
    private final List<Declared> declared = new ArrayList<>();
    private SelectiveSettings settings = SelectiveSettings.DEFAULT;

    SelectiveHooksBuilder(HookRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
        features.put(SelectiveSettings.CORE, Set.of());
    }

    private record Declared(String feature, HookPoint point, String name, Function<Instances, LazyHook<?>> make) {}

    /**
     * Sets limits and defaults.
     *
     * @param chosen the settings; default {@link SelectiveSettings#DEFAULT}
     * @return this builder
     */
    public SelectiveHooksBuilder settings(SelectiveSettings chosen) {
        this.settings = Objects.requireNonNull(chosen, "settings");
        return this;
    }

    /**
     * Declares a feature.
     *
     * @param name its name, 1 to 128 characters
     * @param needs the features that must be on with it; they may be declared later
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if the name is blank, too long or declared already
     */
    public SelectiveHooksBuilder feature(String name, String... needs) {
        if (name.isBlank() || name.length() > 128) {
            throw new ArgumentException("feature name", name, "1 to 128 characters");
        }
        if (features.containsKey(name)) {
            throw new ArgumentException("feature", name, "declared once; core is always there");
        }
        features.put(name, Set.copyOf(List.of(needs)));
        return this;
    }

    /**
     * Declares a hook.
     *
     * @param feature the feature that it belongs to; may be declared later
     * @param point where it runs
     * @param options how; enabled, as its feature is what switches it
     * @param factory makes the hook at its first use, on the thread of the operation, once at a time
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if the options say that it is disabled
     */
    public SelectiveHooksBuilder hook(
            String feature, HookPoint point, HookOptions options, Supplier<? extends Hook> factory) {
        Objects.requireNonNull(factory, "factory");
        declare(feature, point, options, instances -> new LazyHook.Direct(feature, point, options, factory, instances));
        return this;
    }

    /**
     * Declares a hook that may answer later.
     *
     * @param feature the feature that it belongs to; may be declared later
     * @param point where it runs
     * @param options how; enabled, as its feature is what switches it
     * @param factory makes the hook at its first use, on a thread that may block, once at a time
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if the options say that it is disabled
     */
    public SelectiveHooksBuilder reactiveHook(
            String feature, HookPoint point, HookOptions options, Supplier<? extends ReactiveHook> factory) {
        Objects.requireNonNull(factory, "factory");
        declare(
                feature,
                point,
                options,
                instances -> new LazyHook.Reactive(feature, point, options, factory, instances));
        return this;
    }

    private void declare(String feature, HookPoint point, HookOptions options, Function<Instances, LazyHook<?>> make) {
        if (!options.enabled()) {
            throw new ArgumentException(
                    "enabled of hook \"" + options.name() + "\"", "false", "true; its feature is what switches it");
        }
        declared.add(new Declared(feature, point, options.name(), make));
    }

    /**
     * Builds the hooks and switches the default features on.
     *
     * @param time orders uses
     * @param awaiter how an operation waits for a hook that another one makes
     * @return the hooks, to be closed
     * @throws io.llmspell.core.hook.HookException {@code dependency_cycle} if features need each other in a circle, or
     *     {@code hook_exists} if a point has a hook of the name of one of them; then nothing is registered
     * @throws ArgumentException {@code invalid_argument} if a feature is not declared, or two hooks of one point have
     *     one name
     */
    public SelectiveHooks build(TimeSource time, Awaiter awaiter) {
        DependencyGraph graph = DependencyGraph.of("features", features);
        for (Declared hook : declared) {
            graph.check("feature of hook \"" + hook.name + "\"", hook.feature);
            long same = declared.stream()
                    .filter(each -> each.name.equals(hook.name) && each.point.equals(hook.point))
                    .count();
            if (same > 1) {
                throw new ArgumentException("hook at " + hook.point, hook.name, "declared once at this point");
            }
        }
        settings.defaultFeatures().forEach(feature -> graph.check("hooks.selective.default_features", feature));
        Instances instances = new Instances(settings, time, awaiter);
        List<LazyHook<?>> hooks = new ArrayList<>();
        declared.forEach(hook -> hooks.add(hook.make.apply(instances)));
        SelectiveHooks built = new SelectiveHooks(settings, graph, instances, hooks);
        try {
            hooks.forEach(hook -> hook.register(registry));
            settings.defaultFeatures().forEach(built::enable);
        } catch (RuntimeException failure) {
            built.close();
            throw failure;
        }
        return built;
    }
}
