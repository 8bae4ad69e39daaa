package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.hooks.Hooks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Switches the built-in hooks of one runtime on and off.
 *
 * <p>Changes count from the next operation on; a change of the settings of an enabled hook counts at once and as a whole.
 * <b>Threads:</b> safe. <b>Errors:</b> a name that is not built in gives {@code unknown_builtin}.
 */
public final class BuiltinHooks implements AutoCloseable {
    private final Hooks hooks;
    private final BuiltinCatalogue catalogue;
    private final Object lock = new Object();

    /** Guarded by {@code lock}; no foreign code runs under it. */
    private final Map<String, BuiltinSlot<?>> slots = new LinkedHashMap<>();

    BuiltinHooks(Hooks hooks, BuiltinCatalogue catalogue) {
        this.hooks = hooks;
        this.catalogue = catalogue;
    }

    /**
     * The built-in hooks of one runtime, none of them enabled.
     *
     * @param hooks where they are registered
     * @param services what they need
     * @return the built-in hooks, to be closed before the services
     */
    public static BuiltinHooks of(Hooks hooks, BuiltinServices services) {
        return new BuiltinHooks(hooks, BuiltinCatalogue.of(hooks, services));
    }

    /**
     * Enables a hook, or changes the settings of one that is enabled.
     *
     * @param name the hook
     * @param options its options, as in {@code [hooks.NAME]}
     * @throws io.llmspell.core.hook.HookException {@code unknown_builtin}, or {@code hook_exists} if a point has another
     *     hook of this name; nothing has changed then
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option is wrong; nothing has changed then
     */
    public void enable(String name, ConfigSection options) {
        read(catalogue.get(name), options).enable();
    }

    /**
     * Enables a hook, or changes the settings of one that is enabled.
     *
     * @param config its settings, such as {@code LoggingConfig.builder().build()}
     * @throws io.llmspell.core.hook.HookException {@code hook_exists} if a point has another hook of this name; nothing has
     *     changed then
     */
    public void enable(BuiltinConfig config) {
        draft(catalogue.get(config.hook()), config).enable();
    }

    /**
     * Disables a hook; its statistics go with it.
     *
     * @param name the hook
     * @return whether it was enabled
     * @throws io.llmspell.core.hook.HookException {@code unknown_builtin}
     */
    public boolean disable(String name) {
        catalogue.get(name);
        BuiltinSlot<?> slot;
        synchronized (lock) {
            slot = slots.remove(name);
            if (slot != null) {
                slot.closeRegistrations();
                slot.running().close();
            }
        }
        return slot != null;
    }

    /**
     * Whether a hook is enabled.
     *
     * @param name the hook
     * @return true if it runs
     * @throws io.llmspell.core.hook.HookException {@code unknown_builtin}
     */
    public boolean isEnabled(String name) {
        catalogue.get(name);
        synchronized (lock) {
            return slots.containsKey(name);
        }
    }

    /**
     * All built-in hooks.
     *
     * @return one element for each, in the order of the catalogue
     */
    public List<BuiltinInfo> list() {
        synchronized (lock) {
            return catalogue.all().stream().map(this::info).toList();
        }
    }

    private <C extends BuiltinConfig> BuiltinInfo info(Builtin<C> builtin) {
        BuiltinSlot<?> slot = slots.get(builtin.name());
        if (slot != null) {
            return info(builtin, true, slot.points(), slot.config());
        }
        C defaults = builtin.read(ConfigSection.of("hooks." + builtin.name(), Map.of()), List.of());
        return info(builtin, false, builtin.defaultPoints(), defaults);
    }

    private static BuiltinInfo info(Builtin<?> builtin, boolean enabled, List<HookPoint> points, BuiltinConfig config) {
        return new BuiltinInfo(
                builtin.name(),
                builtin.version(),
                builtin.description(),
                enabled,
                points,
                JsonValues.object(config.values(), JsonLimits.VALUE));
    }

    /**
     * The figures of an enabled hook.
     *
     * @param name the hook
     * @return its statistics, as the guide to the built-in hooks lists them
     * @throws io.llmspell.core.hook.HookException {@code unknown_builtin}
     * @throws InvalidStateException {@code invalid_state} if the hook is not enabled
     */
    public JsonObject statistics(String name) {
        catalogue.get(name);
        BuiltinSlot<?> slot;
        synchronized (lock) {
            slot = slots.get(name);
        }
        if (slot == null) {
            throw new InvalidStateException(
                    "the built-in hook \"" + name + "\" has no statistics, because it is not enabled; enable it first");
        }
        return JsonValues.object(slot.running().statistics(), JsonLimits.TOOL);
    }

    /**
     * What an enabled hook shows beside its statistics, such as traces, a log or a report.
     *
     * @param type the interface, such as {@code DebugTraces}
     * @param <T> the interface
     * @return the view, valid until the hook is disabled or its settings change; empty if no enabled hook offers it
     */
    public <T> Optional<T> view(Class<T> type) {
        synchronized (lock) {
            return slots.values().stream()
                    .map(BuiltinSlot::running)
                    .filter(type::isInstance)
                    .map(type::cast)
                    .findFirst();
        }
    }

    /**
     * Enables what a configuration says: each hook whose section has {@code enabled = true}. A section with
     * {@code enabled = false} disables its hook; a hook without section stays as it is.
     *
     * @param section the section {@code [hooks]}; other members are left to others
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option of a built-in hook is wrong, also
     *     of one that is not enabled; nothing has changed then
     */
    public void configure(ConfigSection section) {
        configure(section, Set.of());
    }

    /**
     * Enables what a configuration says, as {@link #configure(ConfigSection)}, and some hooks that it says nothing against.
     *
     * @param section the section {@code [hooks]}; other members are left to others
     * @param usual the names of hooks that are enabled unless their section says {@code enabled = false}, or leaves them
     *     nothing to do
     * @throws io.llmspell.core.hook.HookException {@code unknown_builtin} if a name is not built in; nothing has changed then
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option of a built-in hook is wrong;
     *     nothing has changed then
     */
    public void configure(ConfigSection section, Set<String> usual) {
        usual.forEach(catalogue::get);
        List<Draft<?>> wanted = new ArrayList<>();
        List<String> unwanted = new ArrayList<>();
        for (Builtin<?> builtin : catalogue.all()) {
            boolean said = section.has(builtin.name());
            boolean on = usual.contains(builtin.name());
            if (said || on) {
                ConfigSection options = section.section(builtin.name());
                Draft<?> draft = read(builtin, options);
                if (options.has("enabled") ? options.flag("enabled", false) : on && !draft.idle()) {
                    wanted.add(draft);
                } else if (options.has("enabled")) {
                    unwanted.add(builtin.name());
                }
            }
        }
        wanted.forEach(Draft::enable);
        unwanted.forEach(this::disable);
    }

    private <C extends BuiltinConfig> Draft<C> read(Builtin<C> builtin, ConfigSection options) {
        options.flag("enabled", true);
        C config = builtin.read(options, BuiltinPoints.read(options, "points", List.of()));
        options.end();
        return new Draft<>(builtin, config);
    }

    private <C extends BuiltinConfig> Draft<C> draft(Builtin<C> builtin, BuiltinConfig config) {
        if (!builtin.configType().isInstance(config)) {
            throw new ArgumentException(
                    "config of \"" + builtin.name() + "\"",
                    config.getClass().getSimpleName(),
                    "a " + builtin.configType().getSimpleName());
        }
        return new Draft<>(builtin, builtin.configType().cast(config));
    }

    /** Settings that were read and checked, not yet in effect. */
    private final class Draft<C extends BuiltinConfig> {
        private final Builtin<C> builtin;
        private final C config;

        Draft(Builtin<C> builtin, C config) {
            this.builtin = builtin;
            this.config = config;
        }

        boolean idle() {
            return builtin.idle(config);
        }

        void enable() {
            synchronized (lock) {
                RunningBuiltin next = exchange();
                next.begin();
            }
        }

        @SuppressWarnings("unchecked") // a slot is made from the builtin of its name alone
        private RunningBuiltin exchange() {
            BuiltinSlot<C> slot = (BuiltinSlot<C>) slots.get(builtin.name());
            RunningBuiltin next = builtin.start(config, slot == null ? null : slot.running());
            try {
                if (slot == null) {
                    BuiltinSlot<C> fresh = new BuiltinSlot<>(builtin, hooks, config, next);
                    fresh.open();
                    slots.put(builtin.name(), fresh);
                } else {
                    slot.replace(config, next).close();
                }
                return next;
            } catch (RuntimeException refused) {
                next.close();
                throw refused;
            }
        }
    }

    /**
     * Ends what the hooks hold besides their registrations, such as subscriptions. Registered hooks stay, so that the last
     * operations of a closing runtime pass them too. The second call does nothing.
     */
    @Override
    public void close() {
        synchronized (lock) {
            slots.values().forEach(slot -> slot.running().close());
        }
    }
}
