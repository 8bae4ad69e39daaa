package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the built-in hooks: what it is called, how it is registered, how its options are read and how it is started.
 *
 * <p><b>Threads:</b> immutable; {@link #start} is called by one thread at a time.
 *
 * @param <C> its settings
 */
interface Builtin<C extends BuiltinConfig> {
    /** The name, as in {@code [hooks.NAME]}; also the name of its registrations. */
    String name();

    /** The semantic version; written to the metadata as {@code NAME_hook_version}. */
    default String version() {
        return "1.0.0";
    }

    /** What it does, in one sentence. */
    String description();

    /** The band in which it is registered. */
    Place place();

    /** The place within the band. */
    int priority();

    /** The class of its settings. */
    Class<C> configType();

    /** Where it runs if the settings name no points. */
    List<HookPoint> defaultPoints();

    /** Where it runs under some settings. */
    default List<HookPoint> points(C config) {
        return config.points().isEmpty() ? defaultPoints() : config.points();
    }

    /**
     * Reads the options of {@code [hooks.NAME]}; the frame reads {@code enabled} and {@code points} and refuses unknown
     * names afterwards.
     *
     * @param options the section
     * @param points what the frame read; empty for the hook's own choice
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config}
     */
    C read(ConfigSection options, List<HookPoint> points);

    /** What a failure does; may depend on the settings. */
    default FailurePolicy failurePolicy(C config) {
        return FailurePolicy.FAIL_OPEN;
    }

    /** How long one run may take; null for the deadline of the point. */
    default @Nullable Duration timeout() {
        return null;
    }

    /** Whether there is nothing to do under some settings, so that what is on by default need not be enabled. */
    default boolean idle(C config) {
        return false;
    }

    /**
     * Starts the hook. Nothing is registered yet, and nothing is if this throws.
     *
     * @param config the settings
     * @param previous what runs at present and will be replaced and closed; state that must outlive a change of the
     *     settings, such as budgets, is taken over from it. Null if the hook is not enabled.
     */
    RunningBuiltin start(C config, @Nullable RunningBuiltin previous);
}
