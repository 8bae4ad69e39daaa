package io.llmspell.bridge;

import io.llmspell.bridge.globals.GlobalServices;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.notice.Violation;
import io.llmspell.hooks.HookExecution;
import io.llmspell.hooks.HookListener;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the gate tells of its hooks into events and notices. What belongs to a run carries its correlation id: what
 * a guard did in an operation, and what a script registered; breakers and shares are about many runs, and what the host
 * program registers is about none, so these have ids of their own.
 */
final class HookNews implements HookListener {
    private final EventReporter events;
    private final Notices notices;
    private final Component runtime;
    private final Supplier<Caller> callers;
    private final GlobalServices services;

    HookNews(
            EventReporter events,
            Notices notices,
            Component runtime,
            Supplier<Caller> callers,
            GlobalServices services) {
        this.events = events;
        this.notices = notices;
        this.runtime = runtime;
        this.callers = callers;
        this.services = services;
    }

    private static Map<String, @Nullable Object> keys(HookInfo hook) {
        Map<String, @Nullable Object> keys = new LinkedHashMap<>();
        keys.put("hook", hook.name());
        keys.put("point", hook.point().name());
        return keys;
    }

    @Override
    public void executed(HookExecution execution) {
        // executions are nobody's news: they are told to those who ask for them
    }

    @Override
    public void registered(HookInfo hook, @Nullable Caller by) {
        report("hook.registered", hook, by);
    }

    @Override
    public void unregistered(HookInfo hook, @Nullable Caller by) {
        report("hook.unregistered", hook, by);
    }

    private void report(String type, HookInfo hook, @Nullable Caller by) {
        Map<String, @Nullable Object> payload = keys(hook);
        payload.put("language", hook.language().id());
        payload.put("priority", hook.options().priority());
        events.report(type, payload, runtime, by == null ? callers.get() : by);
    }

    @Override
    public void breakerChanged(HookInfo hook, BreakerState from, BreakerState to, String reason, Duration openFor) {
        Map<String, @Nullable Object> payload = keys(hook);
        payload.put("reason", reason);
        payload.put("open_ms", openFor.toMillis());
        events.report("hook.breaker." + entered(to), payload, runtime, callers.get());
    }

    private static String entered(BreakerState state) {
        return switch (state) {
            case OPEN -> "opened";
            case HALF_OPEN -> "half_opened";
            case CLOSED -> "closed";
        };
    }

    @Override
    public void guardFailed(HookInfo hook, Component component, Caller caller, LlmSpellException problem) {
        Violation violation = new Violation(
                "guard_failed", "suspicious_activity", "high", hook.name() + " at " + hook.point(), false);
        notices.violated(violation, component, caller);
    }

    @Override
    public void refused(HookInfo hook, Component component, Caller caller, LlmSpellException problem) {
        services.audit()
                .append(new AuditRecord(
                        services.time().now(),
                        caller.principal(),
                        "hook.refused",
                        component.toString(),
                        false,
                        services.redactor().text(problem.text()),
                        caller.correlation()));
    }

    @Override
    public void thresholdExceeded(String component, String metric, double value, double threshold) {
        int slash = component.indexOf('/');
        Component slow = slash <= 0
                ? Component.named(ComponentType.SYSTEM, component)
                : Component.named(new ComponentType(component.substring(0, slash)), component.substring(slash + 1));
        notices.slow(metric, value, threshold, slow, callers.get());
    }
}
