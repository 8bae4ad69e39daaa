package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built-in hook {@code state_metrics}.
 *
 * @param services what it needs
 */
record StateMetricsBuiltin(BuiltinServices services) implements Builtin<StateMetricsConfig> {
    @Override
    public String name() {
        return StateMetricsConfig.NAME;
    }

    @Override
    public String description() {
        return "Counts and times the operations on state.";
    }

    /** In front of the hooks of users, so that it hears of what they refuse. */
    @Override
    public Place place() {
        return Place.SYSTEM_FIRST;
    }

    @Override
    public int priority() {
        return HookOptions.LOW;
    }

    @Override
    public Class<StateMetricsConfig> configType() {
        return StateMetricsConfig.class;
    }

    @Override
    public List<HookPoint> defaultPoints() {
        return new StateMetricsConfig(false).points();
    }

    @Override
    public StateMetricsConfig read(ConfigSection options, List<HookPoint> points) {
        StateMetricsConfig config = new StateMetricsConfig(options.flag("reads", false));
        StatePoints.check(options, points, config.points());
        return config;
    }

    @Override
    public RunningBuiltin start(StateMetricsConfig config, @Nullable RunningBuiltin previous) {
        return new StateMetricsHook(services, previous instanceof StateMetricsHook hook ? hook : null);
    }
}
