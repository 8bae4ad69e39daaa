package io.llmspell.hooks.builtin;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.notice.Violation;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Records what the hook {@code security} finds: in its own chain of events, in the audit log, in the log, as a notice and
 * as an alert.
 *
 * <p>The audit log comes first, and what it cannot take fails the hook, so that nothing is refused or let through without
 * a record. A violation that the hook itself reports comes back to it at {@code SecurityViolation} on the same thread;
 * {@code reporting} tells it from those of others, which are not in the audit log yet. <b>Threads:</b> safe.
 */
final class SecurityRecorder {
    private static final String LOGGER = "io.llmspell.hooks.security";
    private static final List<String> VALUES = List.of("value", "old_value");
    private static final int DATA_BYTES = 2_048;
    private static final int TEXT_BYTES = 1_024;

    private final SecurityConfig config;
    private final BuiltinServices services;
    private final Notices notices;
    private final Excerpts excerpts;
    private final Logger logger;
    private final SecurityChain chain;
    private final Map<SecuritySeverity, LongAdder> bySeverity;
    private final Map<SecurityEventKind, LongAdder> byKind;
    private final LongAdder blocked;
    private final Map<Thread, Violation> reporting = new ConcurrentHashMap<>();

    SecurityRecorder(SecurityConfig config, BuiltinServices services, Gate gate, @Nullable SecurityRecorder old) {
        this.config = config;
        this.services = services;
        Notices given = services.notices();
        this.notices = given == null ? new Notices(gate, null) : given;
        this.excerpts = new Excerpts(services.redactor().withNames(config.sensitiveParameters()), services.json());
        this.logger = services.loggers().apply(LOGGER);
        this.chain = old == null ? new SecurityChain(config.maxEvents()) : old.chain;
        this.bySeverity = old == null ? counters(SecuritySeverity.class) : old.bySeverity;
        this.byKind = old == null ? counters(SecurityEventKind.class) : old.byKind;
        this.blocked = old == null ? new LongAdder() : old.blocked;
    }

    private static <E extends Enum<E>> Map<E, LongAdder> counters(Class<E> type) {
        Map<E, LongAdder> counters = new EnumMap<>(type);
        for (E each : type.getEnumConstants()) {
            counters.put(each, new LongAdder());
        }
        return counters;
    }

    /**
     * Who asked for what, as it can be kept after the operation.
     *
     * @param caller who asked
     * @param component what was to do it
     * @param point where it was seen
     * @param action what was to be done, such as {@code tool_call}
     */
    record Subject(Caller caller, Component component, HookPoint point, String action) {}

    Subject subject(HookContext context) {
        return new Subject(
                context.caller(),
                context.component(),
                context.point(),
                context.operation().kind().id());
    }

    SecurityChain chain() {
        return chain;
    }

    /**
     * What was found.
     *
     * @param kind what it is about
     * @param severity how grave it is
     * @param rule the rule that was broken, or null
     * @param blocked whether something was refused
     * @param target on what
     * @param reason what is wrong
     * @param data a masked copy of the data, or null
     */
    private record Finding(
            SecurityEventKind kind,
            SecuritySeverity severity,
            @Nullable SecurityRule rule,
            boolean blocked,
            String target,
            String reason,
            @Nullable String data) {
        boolean violation() {
            return kind.violation() && severity.atLeast(SecuritySeverity.MEDIUM);
        }

        boolean asks(SecurityAction action) {
            return rule != null && rule.actions().contains(action);
        }
    }

    /** Takes over the settings and notes that. */
    void begin() {
        chain.limit(config.maxEvents());
        String settings = "recording with block_on_violations=" + config.blockOnViolations() + ", min_severity="
                + config.minSeverity().id() + ", max_events=" + config.maxEvents();
        Finding finding = new Finding(
                SecurityEventKind.AUDIT_LOG, SecuritySeverity.INFO, null, false, "security", settings, null);
        if (recorded(finding)) {
            chain.add(draft(finding, "", "system/security", "runtime:hooks", ""));
            count(finding);
        }
    }

    /** Somebody asked for something and broke no rule. */
    void attempt(Subject subject) {
        take(
                subject,
                new Finding(
                        SecurityEventKind.ACCESS_ATTEMPT,
                        SecuritySeverity.INFO,
                        null,
                        false,
                        subject.component().toString(),
                        subject.action(),
                        null),
                false);
    }

    /**
     * An operation that was watched was refused by somebody else.
     *
     * @param noticed whether whoever refused it gives a notice of the violation, which is audited when it arrives
     */
    void refused(Subject subject, SecurityEventKind kind, String reason, boolean noticed) {
        String target = subject.component().toString();
        take(subject, new Finding(kind, SecuritySeverity.MEDIUM, null, true, target, reason, null), !noticed);
    }

    /** A rule was broken. */
    void broken(SecurityRule rule, String problem, boolean blocks, HookContext context) {
        Subject subject = subject(context);
        if (rule.name().equals(SecurityRules.VIOLATION_MONITOR)) {
            boolean own = own(context.data());
            take(subject, reported(rule, problem, context.data(), own), !own);
            return;
        }
        boolean copies = rule.actions().contains(SecurityAction.REDACT) && config.redact();
        String data = copies ? excerpts.text(shown(context), DATA_BYTES) : null;
        String target = subject.component().toString();
        Finding finding = new Finding(rule.kind(), rule.severity(), rule, blocks, target, problem, data);
        take(subject, finding, true);
        if (blocks || finding.violation() || finding.asks(SecurityAction.ALERT)) {
            report(subject, finding, rule.name());
        }
    }

    /** Whether a notice is the one that this hook gives just now; a hook that hears of it may cause others. */
    private boolean own(@Nullable Object data) {
        Violation given = reporting.get(Thread.currentThread());
        return given != null
                && data instanceof JsonObject notice
                && given.rule().equals(notice.get("rule"))
                && given.eventKind().equals(notice.get("event_kind"))
                && given.target().equals(notice.get("target"));
    }

    /** The data; where a value stands under its key, it is masked if the key is that of a secret. */
    private @Nullable Object shown(HookContext context) {
        Object data = context.data();
        if (data instanceof JsonObject change && change.get("key") instanceof String key) {
            JsonObject masked = change;
            for (String member : VALUES) {
                if (change.containsKey(member)) {
                    masked = masked.with(member, excerpts.redactor().member(key, change.get(member)));
                }
            }
            return masked;
        }
        return data;
    }

    /** What a notice of a violation says; one of this hook was recorded under its kind already. */
    private static Finding reported(SecurityRule rule, String problem, @Nullable Object data, boolean own) {
        JsonObject notice = data instanceof JsonObject object ? object : JsonObject.empty();
        SecurityEventKind kind = !own && notice.get("event_kind") instanceof String id
                ? SecurityEventKind.of(id).orElse(rule.kind())
                : rule.kind();
        String target = notice.get("target") instanceof String text ? text : "";
        boolean blocked = Boolean.TRUE.equals(notice.get("blocked"));
        return new Finding(kind, rule.severity(), rule, blocked, target, problem + " on " + target, null);
    }

    private boolean recorded(Finding finding) {
        return config.enableAuditLogging() && finding.severity().atLeast(config.minSeverity());
    }

    private void take(Subject subject, Finding finding, boolean audited) {
        if (audited && config.enableAuditLogging()) {
            audit(subject, finding);
        }
        if (!finding.severity().atLeast(config.minSeverity())) {
            return;
        }
        count(finding);
        Caller caller = subject.caller();
        SecurityChain.Draft draft = draft(
                finding,
                subject.point().name(),
                subject.component().toString(),
                caller.principal().text(),
                caller.correlation().text());
        if (recorded(finding)) {
            chain.add(draft);
        }
        if (finding.asks(SecurityAction.LOG)) {
            logger.atLevel(level(finding.severity())).log(line(draft));
        }
        if (finding.asks(SecurityAction.ALERT)) {
            alert(subject, finding);
        }
    }

    private void count(Finding finding) {
        increment(bySeverity.get(finding.severity()));
        increment(byKind.get(finding.kind()));
        if (finding.blocked()) {
            blocked.increment();
        }
    }

    private static void increment(@Nullable LongAdder counter) {
        if (counter != null) {
            counter.increment();
        }
    }

    /** Refusals always, violations from the least severity on. */
    private void audit(Subject subject, Finding finding) {
        AuditLog log = services.audit();
        boolean wanted = finding.blocked()
                || (finding.kind().violation() && finding.severity().atLeast(config.minSeverity()));
        if (log == null || !wanted) {
            return;
        }
        log.append(new AuditRecord(
                services.time().now(),
                subject.caller().principal(),
                finding.kind().id() + ":" + subject.action(),
                excerpts.line(finding.target(), TEXT_BYTES),
                !finding.blocked(),
                excerpts.line(finding.reason(), TEXT_BYTES),
                subject.caller().correlation()));
    }

    private SecurityChain.Draft draft(
            Finding finding, String point, String component, String principal, String correlation) {
        SecurityRule rule = finding.rule();
        return new SecurityChain.Draft(
                services.time().now(),
                finding.kind(),
                finding.severity(),
                rule == null ? null : rule.name(),
                point,
                excerpts.line(component, TEXT_BYTES),
                excerpts.line(principal, TEXT_BYTES),
                excerpts.line(correlation, TEXT_BYTES),
                finding.blocked(),
                excerpts.line(finding.reason(), TEXT_BYTES),
                finding.data());
    }

    private String line(SecurityChain.Draft draft) {
        LogLine line = new LogLine(draft.kind().id(), services.json())
                .add("severity", draft.severity().id())
                .add("rule", String.valueOf(draft.rule()))
                .add("point", draft.point())
                .add("component", draft.component())
                .add("principal", draft.principal())
                .add("correlation_id", draft.correlationId())
                .add("blocked", String.valueOf(draft.blocked()));
        return line.add("reason", draft.reason()).toString();
    }

    private static Level level(SecuritySeverity severity) {
        return switch (severity) {
            case INFO, LOW -> Level.INFO;
            case MEDIUM, HIGH -> Level.WARN;
            case CRITICAL -> Level.ERROR;
        };
    }

    private void report(Subject subject, Finding finding, String rule) {
        Violation violation =
                new Violation(rule, finding.kind().id(), finding.severity().id(), finding.target(), finding.blocked());
        reporting.put(Thread.currentThread(), violation);
        try {
            notices.violated(violation, subject.component(), subject.caller());
        } finally {
            reporting.remove(Thread.currentThread());
        }
    }

    private void alert(Subject subject, Finding finding) {
        SecurityRule rule = finding.rule();
        JsonObject payload = JsonObject.of(
                "rule", rule == null ? null : rule.name(),
                "event_kind", finding.kind().id(),
                "severity", finding.severity().id(),
                "principal", excerpts.line(subject.caller().principal().text(), TEXT_BYTES),
                "target", excerpts.line(finding.target(), TEXT_BYTES),
                "blocked", finding.blocked(),
                "reason", excerpts.line(finding.reason(), TEXT_BYTES));
        try {
            services.alerts().raise("security.violation", payload, subject.caller());
        } catch (RuntimeException failed) {
            // the finding is recorded; a broken pager must not refuse the operation
            logger.warn("a security alert was not taken", failed);
        }
    }

    Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> severities = new LinkedHashMap<>();
        bySeverity.forEach((severity, count) -> severities.put(severity.id(), count.sum()));
        Map<String, @Nullable Object> kinds = new LinkedHashMap<>();
        byKind.forEach((kind, count) -> kinds.put(kind.id(), count.sum()));
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put(
                "total_events",
                byKind.values().stream().mapToLong(LongAdder::sum).sum());
        all.put("by_severity", severities);
        all.put("by_type", kinds);
        all.put("blocked_events", blocked.sum());
        return all;
    }
}
