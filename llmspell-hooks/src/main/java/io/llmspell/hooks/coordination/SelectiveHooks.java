package io.llmspell.hooks.coordination;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.redact.LogText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hooks that are switched on and off by feature, and made at their first use.
 *
 * <p>Of a feature that is off nothing is in the gate's way: its hooks are registered but disabled, so they are in no
 * operation, and nothing of them has been made. Switching a feature on switches on what it needs, switching it off switches
 * off what needs it; both count from the next operation. An instance that can be closed is closed after its last use
 * when it is evicted or switched off. <b>Threads:</b> safe.
 */
public final class SelectiveHooks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SelectiveHooks.class);

    /** Guards {@code enabled} and {@code closed}; hooks are switched under it, no foreign code runs under it. */
    private final Object lock = new Object();

    private final SelectiveSettings settings;
    private final DependencyGraph features;
    private final Instances instances;
    private final List<LazyHook<?>> hooks;
    private final Set<String> enabled = new LinkedHashSet<>();
    private boolean closed;

    SelectiveHooks(SelectiveSettings settings, DependencyGraph features, Instances instances, List<LazyHook<?>> hooks) {
        this.settings = settings;
        this.features = features;
        this.instances = instances;
        this.hooks = List.copyOf(hooks);
    }

    /**
     * Begins to declare features and hooks.
     *
     * @param registry where the hooks are registered
     * @return the builder
     */
    public static SelectiveHooksBuilder builder(HookRegistry registry) {
        return new SelectiveHooksBuilder(registry);
    }

    /**
     * Switches a feature on, and what it needs.
     *
     * @param feature its name
     * @return what was switched on, each after what it needs; empty if it was on
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if no feature has the name
     * @throws InvalidStateException {@code invalid_state} after {@link #close}
     */
    public List<String> enable(String feature) {
        features.check("feature", feature);
        List<String> changed = new ArrayList<>();
        synchronized (lock) {
            checkOpen();
            for (String each : features.closure(feature)) {
                if (!enabled.contains(each)) {
                    changed.add(each);
                }
            }
            enabled.addAll(changed);
            of(changed).forEach(hook -> hook.on(true));
        }
        preload(changed);
        return List.copyOf(changed);
    }

    /**
     * Switches a feature off, and what needs it; what it needs itself stays on.
     *
     * @param feature its name
     * @return what was switched off, each before what it needs; empty if it was off
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if no feature has the name
     * @throws InvalidStateException {@code invalid_state} after {@link #close}
     */
    public List<String> disable(String feature) {
        features.check("feature", feature);
        List<String> changed = new ArrayList<>();
        synchronized (lock) {
            checkOpen();
            for (String each : features.dependents(feature)) {
                if (enabled.remove(each)) {
                    changed.add(each);
                }
            }
            of(changed).forEach(hook -> hook.on(false));
        }
        of(changed).forEach(LazyHook::drop);
        return List.copyOf(changed);
    }

    /**
     * Whether a feature is on.
     *
     * @param feature its name
     * @return true if it is
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if no feature has the name
     */
    public boolean enabled(String feature) {
        features.check("feature", feature);
        synchronized (lock) {
            return enabled.contains(feature);
        }
    }

    /**
     * The figures.
     *
     * @return as of now
     */
    public SelectiveStats stats() {
        Set<String> on;
        synchronized (lock) {
            on = Set.copyOf(enabled);
        }
        Map<String, SelectiveStats.Feature> byName = new LinkedHashMap<>();
        for (String feature : features.order()) {
            List<LazyHook<?>> own = of(List.of(feature));
            byName.put(
                    feature,
                    new SelectiveStats.Feature(
                            on.contains(feature),
                            own.size(),
                            (int) own.stream().filter(LazyHook::ready).count(),
                            own.stream().mapToLong(LazyHook::uses).sum()));
        }
        return new SelectiveStats(
                hooks.size(),
                (int) hooks.stream().filter(LazyHook::on).count(),
                instances.size(),
                instances.madeInAll(),
                instances.evictedInAll(),
                instances.refusedInAll(),
                byName);
    }

    /** Unregisters all hooks and lets go of their instances; the second call does nothing. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            enabled.clear();
            hooks.forEach(hook -> hook.on(false));
        }
        hooks.forEach(LazyHook::unregister);
        hooks.forEach(LazyHook::drop);
    }

    private void checkOpen() {
        if (closed) {
            throw new InvalidStateException("the selective hooks are closed; switch features before that");
        }
    }

    private List<LazyHook<?>> of(List<String> names) {
        List<LazyHook<?>> chosen = new ArrayList<>();
        for (String name : names) {
            hooks.stream().filter(hook -> hook.feature.equals(name)).forEach(chosen::add);
        }
        return chosen;
    }

    /** A hook that cannot be made now is tried again when it is used. */
    private void preload(List<String> names) {
        for (LazyHook<?> hook : of(names)) {
            if (settings.preloadPoints().contains(hook.point)) {
                try {
                    hook.acquire(null).leave();
                } catch (RuntimeException | Error failure) {
                    LOG.warn(
                            "hook {} at {} could not be preloaded",
                            hook.options.name(),
                            hook.point,
                            LogText.maskedError(failure));
                }
            }
        }
    }
}
