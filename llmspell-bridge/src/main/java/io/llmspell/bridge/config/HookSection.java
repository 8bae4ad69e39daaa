package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.coordination.SelectiveSettings;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code [hooks]} with the sections in it.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param settings what hooks may cost, and what guards operations against them
 * @param builtins {@code [hooks.NAME]}: the built-in hooks
 * @param selective {@code [hooks.selective]}: hooks that are switched by feature, or null if nothing is said of them
 * @param executionEvents {@code execution_events}: whether each execution of a hook is told as events
 */
public record HookSection(
        HookSettings settings,
        BuiltinOptions builtins,
        @Nullable SelectiveSettings selective,
        boolean executionEvents) {
    static final HookSection DEFAULT = new HookSection(HookSettings.DEFAULT, BuiltinOptions.none(), null, false);

    private static final String SELECTIVE = "selective";
    private static final String EXECUTION_EVENTS = "execution_events";

    /** What is read here and not by {@code HookSettings}. */
    static final Set<String> NAMES = Set.of(SELECTIVE, EXECUTION_EVENTS);

    /**
     * Checks nothing more: reading has.
     *
     * @param settings what hooks may cost
     * @param builtins the built-in hooks
     * @param selective hooks that are switched by feature, or null
     * @param executionEvents whether each execution of a hook is told as events
     */
    public HookSection {}

    static HookSection from(Supplier<ConfigSection> section, Set<String> stateHooks) {
        BuiltinOptions builtins = new BuiltinOptions(section, stateHooks);
        ConfigSection own = section.get();
        Set<String> others = new HashSet<>(builtins.names());
        others.addAll(NAMES);
        return new HookSection(
                HookSettings.from(section.get(), others),
                builtins,
                own.has(SELECTIVE) ? SelectiveSettings.from(own.section(SELECTIVE)) : null,
                own.flag(EXECUTION_EVENTS, false));
    }
}
