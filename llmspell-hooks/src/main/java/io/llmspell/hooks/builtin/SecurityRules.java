package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.Redactor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of the hook {@code security}: its own and those of its settings. */
final class SecurityRules {
    static final String PARAMETER_SIZE = "parameter_size";
    static final String SENSITIVE_PARAMETER = "sensitive_parameter";
    static final String VIOLATION_MONITOR = "violation_monitor";
    static final Set<String> NAMES = Set.of(PARAMETER_SIZE, SENSITIVE_PARAMETER, VIOLATION_MONITOR);

    private static final List<HookPoint> SIZED =
            List.of(HookPoint.BEFORE_TOOL_EXECUTION, HookPoint.BEFORE_AGENT_EXECUTION);
    private static final List<HookPoint> SEARCHED =
            List.of(HookPoint.BEFORE_TOOL_EXECUTION, HookPoint.BEFORE_AGENT_EXECUTION, HookPoint.BEFORE_STATE_WRITE);

    private SecurityRules() {}

    /** All rules in the order in which they are looked at. */
    static List<SecurityRule> of(SecurityConfig config, Redactor redactor) {
        List<SecurityRule> rules = new ArrayList<>();
        Set<HookPoint> sized = places(config, SIZED);
        Set<HookPoint> searched = places(config, SEARCHED);
        if (config.enableParameterValidation() && !sized.isEmpty()) {
            rules.add(size(config.maxParameterLength(), sized));
            rules.add(sensitive(redactor.withNames(config.sensitiveParameters()), searched));
        }
        if (config.points().isEmpty() || config.points().contains(HookPoint.SECURITY_VIOLATION)) {
            rules.add(monitor());
        }
        rules.addAll(config.rules());
        return rules;
    }

    /** Where the hook runs: where it was told to, or else where its rules look. */
    static List<HookPoint> points(SecurityConfig config) {
        Set<HookPoint> points = new LinkedHashSet<>(config.points());
        if (points.isEmpty()) {
            points.addAll(SEARCHED);
            points.add(HookPoint.SECURITY_VIOLATION);
        }
        config.rules().forEach(rule -> points.addAll(rule.points()));
        return List.copyOf(points);
    }

    private static Set<HookPoint> places(SecurityConfig config, List<HookPoint> own) {
        Set<HookPoint> places = new LinkedHashSet<>(config.points().isEmpty() ? own : config.points());
        places.removeIf(point -> point.info().phase() != HookPhase.BEFORE);
        return places;
    }

    private static SecurityRule size(int most, Set<HookPoint> points) {
        return new SecurityRule(
                PARAMETER_SIZE,
                points,
                context -> {
                    long bytes = JsonValues.bytes(context.data());
                    return bytes <= most
                            ? null
                            : "the parameters are " + bytes + " bytes long as JSON, at most " + most + " are allowed";
                },
                SecurityEventKind.SUSPICIOUS_ACTIVITY,
                SecuritySeverity.MEDIUM,
                Set.of(SecurityAction.LOG, SecurityAction.BLOCK));
    }

    private static SecurityRule sensitive(Redactor redactor, Set<HookPoint> points) {
        return new SecurityRule(
                SENSITIVE_PARAMETER,
                points,
                context -> secrets(redactor, context),
                SecurityEventKind.DATA_ACCESS,
                SecuritySeverity.LOW,
                Set.of(SecurityAction.LOG, SecurityAction.REDACT));
    }

    private static @Nullable String secrets(Redactor redactor, HookContext context) {
        Object data = context.data();
        List<String> places = new SecretPlaces(redactor).in(data);
        if (places.isEmpty()
                && context.point().equals(HookPoint.BEFORE_STATE_WRITE)
                && data instanceof JsonObject write
                && write.get("key") instanceof String key
                && redactor.secretName(key)) {
            places = List.of("$.value");
        }
        return places.isEmpty() ? null : "sensitive data at " + String.join(", ", places);
    }

    private static SecurityRule monitor() {
        return new SecurityRule(
                VIOLATION_MONITOR,
                Set.of(HookPoint.SECURITY_VIOLATION),
                context ->
                        context.data() instanceof JsonObject violation && violation.get("rule") instanceof String rule
                                ? "rule \"" + rule + "\" was broken"
                                : "a rule was broken",
                SecurityEventKind.SECURITY_VIOLATION,
                SecuritySeverity.CRITICAL,
                Set.of(SecurityAction.LOG, SecurityAction.ALERT));
    }
}
