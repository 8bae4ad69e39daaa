package io.llmspell.hooks.builtin;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built-in hook {@code state_audit}.
 *
 * @param services what it needs
 */
record StateAuditBuiltin(BuiltinServices services) implements Builtin<StateAuditConfig> {
    @Override
    public String name() {
        return StateAuditConfig.NAME;
    }

    @Override
    public String description() {
        return "Writes changes of state, and those that were refused, into the audit log.";
    }

    /** In front of the hooks of users, so that it hears of what they refuse. */
    @Override
    public Place place() {
        return Place.SYSTEM_FIRST;
    }

    @Override
    public int priority() {
        return HookOptions.NORMAL;
    }

    @Override
    public Class<StateAuditConfig> configType() {
        return StateAuditConfig.class;
    }

    @Override
    public List<HookPoint> defaultPoints() {
        return new StateAuditConfig(false).points();
    }

    /** What is not observed is audited all the same. */
    @Override
    public FailurePolicy failurePolicy(StateAuditConfig config) {
        return FailurePolicy.FAIL_CLOSED;
    }

    @Override
    public StateAuditConfig read(ConfigSection options, List<HookPoint> points) {
        StateAuditConfig config = new StateAuditConfig(options.flag("reads", false));
        StatePoints.check(options, points, config.points());
        return config;
    }

    @Override
    public RunningBuiltin start(StateAuditConfig config, @Nullable RunningBuiltin previous) {
        AuditLog log = services.audit();
        if (log == null) {
            throw new InvalidStateException(
                    "the built-in hook \"state_audit\" has no audit log; give BuiltinServices the one of the store");
        }
        return new StateAuditHook(services, log, previous instanceof StateAuditHook hook ? hook : null);
    }
}
