package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.hooks.Hooks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built-in hook {@code security}.
 *
 * @param hooks whose gate its notices of violations pass
 * @param services what it needs
 */
record SecurityBuiltin(Hooks hooks, BuiltinServices services) implements Builtin<SecurityConfig> {
    @Override
    public String name() {
        return SecurityConfig.NAME;
    }

    @Override
    public String description() {
        return "Watches what is asked for, records it and refuses what breaks a rule.";
    }

    @Override
    public Place place() {
        return Place.SYSTEM_FIRST;
    }

    @Override
    public int priority() {
        return HookOptions.HIGHEST;
    }

    @Override
    public Class<SecurityConfig> configType() {
        return SecurityConfig.class;
    }

    @Override
    public List<HookPoint> defaultPoints() {
        return SecurityRules.points(SecurityConfig.builder().build());
    }

    @Override
    public SecurityConfig read(ConfigSection options, List<HookPoint> points) {
        return SecurityConfig.read(options, points);
    }

    @Override
    public List<HookPoint> points(SecurityConfig config) {
        return SecurityRules.points(config);
    }

    @Override
    public FailurePolicy failurePolicy(SecurityConfig config) {
        return FailurePolicy.FAIL_CLOSED;
    }

    @Override
    public RunningBuiltin start(SecurityConfig config, @Nullable RunningBuiltin previous) {
        return new SecurityHook(config, hooks.gate(), services, previous);
    }
}
