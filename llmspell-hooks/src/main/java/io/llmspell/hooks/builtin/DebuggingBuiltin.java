package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built-in hook {@code debugging}.
 *
 * @param services what it needs
 */
record DebuggingBuiltin(BuiltinServices services) implements Builtin<DebuggingConfig> {
    @Override
    public String name() {
        return DebuggingConfig.NAME;
    }

    @Override
    public String description() {
        return "Keeps a trace of the last operations that passed each point.";
    }

    @Override
    public Place place() {
        return Place.SYSTEM_LAST;
    }

    @Override
    public int priority() {
        return HookOptions.LOWEST;
    }

    @Override
    public Class<DebuggingConfig> configType() {
        return DebuggingConfig.class;
    }

    @Override
    public List<HookPoint> defaultPoints() {
        return BuiltinPoints.all();
    }

    @Override
    public DebuggingConfig read(ConfigSection options, List<HookPoint> points) {
        return DebuggingConfig.read(options, points);
    }

    @Override
    public RunningBuiltin start(DebuggingConfig config, @Nullable RunningBuiltin previous) {
        return new DebuggingHook(config, services, previous);
    }
}
