package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.hooks.Hooks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Describes and starts the hook {@code cost_tracking}. */
final class CostTrackingBuiltin implements Builtin<CostTrackingConfig> {
    private final BuiltinServices services;
    private final OutputTap tap;

    CostTrackingBuiltin(Hooks hooks, BuiltinServices services) {
        this.services = services;
        this.tap = new OutputTap(hooks.systemFirst(), name(), version());
    }

    @Override
    public String name() {
        return CostTrackingConfig.NAME;
    }

    @Override
    public String description() {
        return "prices model calls, raises alerts and keeps budgets";
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
    public Class<CostTrackingConfig> configType() {
        return CostTrackingConfig.class;
    }

    @Override
    public List<HookPoint> defaultPoints() {
        return List.of(CostTrackingConfig.REQUEST, CostTrackingConfig.RESPONSE);
    }

    @Override
    public CostTrackingConfig read(ConfigSection options, List<HookPoint> points) {
        return CostOptions.read(options, points);
    }

    /** A budget that is passed because the hook is broken is no budget; without one the hook only observes. */
    @Override
    public FailurePolicy failurePolicy(CostTrackingConfig config) {
        return config.budget() == null ? FailurePolicy.FAIL_OPEN : FailurePolicy.FAIL_CLOSED;
    }

    @Override
    public RunningBuiltin start(CostTrackingConfig config, @Nullable RunningBuiltin previous) {
        CostTrackingHook before = previous instanceof CostTrackingHook hook ? hook : null;
        return new CostTrackingHook(config, services, tap, before);
    }
}
