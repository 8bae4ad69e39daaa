package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationView;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches what is asked for, records it and refuses what breaks a rule.
 *
 * <p>{@code watched} holds the operations that are under way and were recorded as attempts, so that an operation which
 * passes several points, or passes one again because its subject changed, counts once; each leaves it at its end.
 * <b>Threads:</b> safe.
 */
final class SecurityHook implements RunningBuiltin, SecurityLog {
    private static final String RATE_LIMIT = "rate_limit";
    private static final Map<ErrorCode, SecurityEventKind> DENIALS = Map.of(
            ErrorCode.PERMISSION_DENIED, SecurityEventKind.PERMISSION_DENIED,
            ErrorCode.ACCESS_DENIED, SecurityEventKind.PERMISSION_DENIED,
            ErrorCode.PATH_DENIED, SecurityEventKind.UNAUTHORIZED_OPERATION,
            ErrorCode.RATE_LIMITED, SecurityEventKind.RATE_LIMIT_EXCEEDED);

    private final SecurityConfig config;
    private final BuiltinServices services;
    private final List<SecurityRule> rules;
    private final SecurityRecorder recorder;
    private final Set<String> watched;

    /**
     * Makes the hook.
     *
     * @param gate what notices of violations pass if the services have none
     * @param previous what ran before, whose events and figures go on; or null
     */
    SecurityHook(SecurityConfig config, Gate gate, BuiltinServices services, @Nullable RunningBuiltin previous) {
        SecurityHook old = previous instanceof SecurityHook security ? security : null;
        this.config = config;
        this.services = services;
        this.rules = SecurityRules.of(config, services.redactor());
        this.recorder = new SecurityRecorder(config, services, gate, old == null ? null : old.recorder);
        this.watched = old == null ? ConcurrentHashMap.newKeySet() : old.watched;
    }

    @Override
    public void begin() {
        recorder.begin();
    }

    @Override
    public HookResult execute(HookContext context) {
        boolean before = context.point().info().phase() == HookPhase.BEFORE;
        boolean first = before && watched.add(context.operation().id());
        if (first) {
            SecurityRecorder.Subject subject = recorder.subject(context);
            context.onEnd(operation -> ended(subject, operation));
        }
        String refusal = null;
        boolean broken = false;
        for (SecurityRule rule : rules) {
            String problem =
                    rule.points().contains(context.point()) ? rule.condition().violation(context) : null;
            if (problem != null) {
                boolean blocks = blocks(rule, context.point());
                recorder.broken(rule, problem, blocks, context);
                refusal = blocks && refusal == null ? "security rule " + rule.name() + ": " + problem : refusal;
                broken = true;
            }
        }
        if (first && !broken) {
            recorder.attempt(recorder.subject(context));
        }
        Marks.put(context, "security_checked_at", services.time().now().toString());
        if (refusal != null) {
            Marks.put(context, "security_blocked", "true");
            return HookResult.cancel(refusal);
        }
        return HookResult.proceed();
    }

    private boolean blocks(SecurityRule rule, HookPoint point) {
        return config.blockOnViolations()
                && rule.actions().contains(SecurityAction.BLOCK)
                && point.info().phase() != HookPhase.NOTICE;
    }

    private void ended(SecurityRecorder.Subject subject, OperationView operation) {
        watched.remove(operation.id());
        LlmSpellException error = operation.error();
        if (error instanceof OperationCancelledException veto) {
            boolean own = veto.hook().equals(SecurityConfig.NAME); // recorded already
            boolean inner =
                    !subject.component().toString().equals(veto.details().get("component"));
            if (!own && !inner) {
                boolean limited = veto.hook().equals(RATE_LIMIT);
                SecurityEventKind kind =
                        limited ? SecurityEventKind.RATE_LIMIT_EXCEEDED : SecurityEventKind.UNAUTHORIZED_OPERATION;
                recorder.refused(subject, kind, "hook \"" + veto.hook() + "\" refused: " + veto.reason(), false);
            }
        } else if (error instanceof HookException) {
            recorder.refused(subject, SecurityEventKind.UNAUTHORIZED_OPERATION, error.text(), false);
        } else if (error != null) {
            SecurityEventKind kind = DENIALS.get(error.code());
            if (kind != null) {
                recorder.refused(subject, kind, error.text(), kind != SecurityEventKind.RATE_LIMIT_EXCEEDED);
            }
        }
    }

    @Override
    public List<SecurityEvent> events() {
        return recorder.chain().events();
    }

    @Override
    public OptionalLong verify() {
        return recorder.chain().verify();
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        return recorder.statistics();
    }
}
