package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookOptionsBuilder;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An enabled built-in hook: its registrations, all of which lead to the instance that runs at present.
 *
 * <p>Operations read {@code running} without a lock; a change of the settings replaces it by one write, so at no moment is
 * a point of both settings without the hook. Everything else is guarded by the lock of {@link BuiltinHooks}.
 *
 * @param <C> the settings
 */
final class BuiltinSlot<C extends BuiltinConfig> implements Hook {
    private final Builtin<C> builtin;
    private final HookRegistry registry;
    private final String versionKey;
    private final Map<HookPoint, HookHandle> handles = new LinkedHashMap<>();
    private C config;
    private FailurePolicy policy;
    private volatile RunningBuiltin running;

    /** Registers nothing yet. */
    BuiltinSlot(Builtin<C> builtin, Hooks hooks, C config, RunningBuiltin running) {
        this.builtin = builtin;
        this.registry = builtin.place().of(hooks);
        this.versionKey = builtin.name() + "_hook_version";
        this.config = config;
        this.policy = builtin.failurePolicy(config);
        this.running = running;
    }

    @Override
    public HookResult execute(HookContext context) throws Exception {
        Marks.put(context, versionKey, builtin.version());
        return running.execute(context);
    }

    @Override
    public boolean reserves() {
        return running.reserves();
    }

    C config() {
        return config;
    }

    RunningBuiltin running() {
        return running;
    }

    List<HookPoint> points() {
        return List.copyOf(handles.keySet());
    }

    /** Registers at all points, or at none if one refuses. */
    void open() {
        handles.putAll(register(new LinkedHashSet<>(builtin.points(config))));
    }

    /**
     * Goes over to other settings, or changes nothing if a point refuses. New points come first, then the change, then the
     * old points go. Registrations whose failure policy changes are made anew: for that moment the hook does not run at
     * the point, which only concerns a hook that is no guard under one of the settings.
     */
    RunningBuiltin replace(C changed, RunningBuiltin next) {
        Set<HookPoint> wanted = new LinkedHashSet<>(builtin.points(changed));
        FailurePolicy before = policy;
        policy = builtin.failurePolicy(changed);
        Set<HookPoint> added = new LinkedHashSet<>(wanted);
        added.removeAll(handles.keySet());
        Map<HookPoint, HookHandle> fresh;
        try {
            fresh = register(added);
        } catch (RuntimeException refused) {
            policy = before;
            throw refused;
        }
        RunningBuiltin old = running;
        running = next;
        config = changed;
        Set<HookPoint> gone = new LinkedHashSet<>(handles.keySet());
        if (policy == before) {
            gone.removeAll(wanted);
        }
        remove(gone);
        handles.putAll(fresh);
        gone.retainAll(wanted);
        handles.putAll(register(gone));
        return old;
    }

    void closeRegistrations() {
        remove(new LinkedHashSet<>(handles.keySet()));
    }

    private void remove(Set<HookPoint> points) {
        for (HookPoint point : points) {
            HookHandle handle = handles.remove(point);
            if (handle != null) {
                handle.unregister();
            }
        }
    }

    private Map<HookPoint, HookHandle> register(Set<HookPoint> points) {
        Map<HookPoint, HookHandle> made = new LinkedHashMap<>();
        try {
            for (HookPoint point : points) {
                made.put(point, registry.register(point, options(), this));
            }
            return made;
        } catch (RuntimeException refused) {
            made.values().forEach(HookHandle::unregister);
            throw refused;
        }
    }

    private HookOptions options() {
        HookOptionsBuilder options = HookOptions.builder(builtin.name())
                .description(builtin.description())
                .version(builtin.version())
                .priority(builtin.priority())
                .failurePolicy(policy)
                .tags("builtin")
                .replayable();
        Duration limit = builtin.timeout();
        return (limit == null ? options : options.timeout(limit)).build();
    }
}
