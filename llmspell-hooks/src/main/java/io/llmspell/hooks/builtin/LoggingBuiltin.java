package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built-in hook {@code logging}.
 *
 * @param services what it needs
 */
record LoggingBuiltin(BuiltinServices services) implements Builtin<LoggingConfig> {
    @Override
    public String name() {
        return LoggingConfig.NAME;
    }

    @Override
    public String description() {
        return "Writes a line to the log for each point that an operation passes.";
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
    public Class<LoggingConfig> configType() {
        return LoggingConfig.class;
    }

    @Override
    public List<HookPoint> defaultPoints() {
        return BuiltinPoints.all();
    }

    @Override
    public LoggingConfig read(ConfigSection options, List<HookPoint> points) {
        return LoggingConfig.read(options, points);
    }

    @Override
    public RunningBuiltin start(LoggingConfig config, @Nullable RunningBuiltin previous) {
        return new LoggingHook(config, services, previous);
    }
}
