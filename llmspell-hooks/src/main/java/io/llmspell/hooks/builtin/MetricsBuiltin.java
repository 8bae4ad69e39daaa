package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.hooks.Hooks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built-in hook {@code metrics}.
 *
 * @param hooks whose executions it counts too
 * @param services what it needs
 */
record MetricsBuiltin(Hooks hooks, BuiltinServices services) implements Builtin<MetricsConfig> {
    @Override
    public String name() {
        return MetricsConfig.NAME;
    }

    @Override
    public String description() {
        return "Counts and times what passes each point.";
    }

    @Override
    public Place place() {
        return Place.SYSTEM_LAST;
    }

    @Override
    public int priority() {
        return HookOptions.LOW;
    }

    @Override
    public Class<MetricsConfig> configType() {
        return MetricsConfig.class;
    }

    @Override
    public List<HookPoint> defaultPoints() {
        return BuiltinPoints.all();
    }

    @Override
    public MetricsConfig read(ConfigSection options, List<HookPoint> points) {
        return MetricsConfig.read(options, points);
    }

    @Override
    public RunningBuiltin start(MetricsConfig config, @Nullable RunningBuiltin previous) {
        return new MetricsHook(config, hooks, services, previous);
    }
}
