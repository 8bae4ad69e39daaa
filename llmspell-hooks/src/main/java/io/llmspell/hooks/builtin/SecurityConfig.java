package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.redact.Redactor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code security}, which watches what is asked for, records it and refuses what breaks a rule.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param points where it runs; empty for the points of its rules; else the rules on parameters are looked at at all of
 *     these that come before an operation; copied
 * @param enableAuditLogging whether events are recorded, here and in the audit log; default true
 * @param enableParameterValidation whether the rules {@code parameter_size} and {@code sensitive_parameter} are looked
 *     at; default true
 * @param redact whether events have a masked copy of the data where their rule says so; without it they have no copy at
 *     all; default true
 * @param maxEvents how many events are kept at most, 1 to 1,000,000, the oldest go first; default 10,000
 * @param minSeverity events below it are neither recorded nor told; they still refuse; default {@code info}
 * @param blockOnViolations whether rules that can refuse do; default false
 * @param maxParameterLength how long parameters may be as JSON text in UTF-8, 1 byte to 10 MiB; default 10,000
 * @param sensitiveParameters names of sensitive parameters besides those of the redactor; copied
 * @param rules rules of the user's own; copied
 */
public record SecurityConfig(
        List<HookPoint> points,
        boolean enableAuditLogging,
        boolean enableParameterValidation,
        boolean redact,
        int maxEvents,
        SecuritySeverity minSeverity,
        boolean blockOnViolations,
        int maxParameterLength,
        List<String> sensitiveParameters,
        List<SecurityRule> rules)
        implements BuiltinConfig {
    static final String NAME = "security";
    static final int EVENTS = 10_000;
    static final int PARAMETER_LENGTH = 10_000;
    private static final int MOST_EVENTS = 1_000_000;
    private static final int LONGEST_PARAMETERS = 10 << 20;

    /**
     * Checks and copies the members.
     *
     * @param points where it runs
     * @param enableAuditLogging whether events are recorded
     * @param enableParameterValidation whether the rules on parameters are looked at
     * @param redact whether events have a masked copy of the data
     * @param maxEvents how many events are kept at most
     * @param minSeverity events below it are neither recorded nor told
     * @param blockOnViolations whether rules that can refuse do
     * @param maxParameterLength how long parameters may be
     * @param sensitiveParameters names of sensitive parameters
     * @param rules rules of the user's own
     * @throws ArgumentException {@code invalid_argument} if a number is out of range, a name has no letter or two rules
     *     have one name
     */
    public SecurityConfig {
        points = List.copyOf(points);
        sensitiveParameters = List.copyOf(sensitiveParameters);
        rules = List.copyOf(rules);
        if (maxEvents < 1 || maxEvents > MOST_EVENTS) {
            throw new ArgumentException("max_events", String.valueOf(maxEvents), "1 to " + MOST_EVENTS);
        }
        if (maxParameterLength < 1 || maxParameterLength > LONGEST_PARAMETERS) {
            throw new ArgumentException(
                    "max_parameter_length", String.valueOf(maxParameterLength), "1 to " + LONGEST_PARAMETERS);
        }
        Redactor.create().withNames(sensitiveParameters); // refuses names that cannot be sensitive
        List<String> names = rules.stream().map(SecurityRule::name).toList();
        for (String name : names) {
            if (SecurityRules.NAMES.contains(name) || names.indexOf(name) != names.lastIndexOf(name)) {
                throw new ArgumentException("name of a security rule", name, "one that no other rule has");
            }
        }
    }

    /**
     * Begins with the defaults.
     *
     * @return a builder
     */
    public static SecurityConfigBuilder builder() {
        return new SecurityConfigBuilder();
    }

    static SecurityConfig read(ConfigSection options, List<HookPoint> points) {
        List<String> names = options.texts("sensitive_parameters", List.of());
        try {
            Redactor.create().withNames(names);
        } catch (ArgumentException wrong) {
            throw options.wrong("sensitive_parameters", "a list of names: " + wrong.text());
        }
        return new SecurityConfig(
                points,
                options.flag("enable_audit_logging", true),
                options.flag("enable_parameter_validation", true),
                options.flag("redact", true),
                (int) options.integer("max_events", EVENTS, 1, MOST_EVENTS),
                options.choice("min_severity", SecuritySeverity.INFO),
                options.flag("block_on_violations", false),
                (int) options.bytes("max_parameter_length", PARAMETER_LENGTH, 1, LONGEST_PARAMETERS),
                names,
                List.of());
    }

    @Override
    public String hook() {
        return NAME;
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("enable_audit_logging", enableAuditLogging);
        values.put("enable_parameter_validation", enableParameterValidation);
        values.put("redact", redact);
        values.put("max_events", maxEvents);
        values.put("min_severity", minSeverity.id());
        values.put("block_on_violations", blockOnViolations);
        values.put("max_parameter_length", maxParameterLength);
        values.put("sensitive_parameters", sensitiveParameters);
        values.put(
                "rules",
                SecurityRules.of(this, Redactor.create()).stream()
                        .map(SecurityRule::values)
                        .toList());
        return values;
    }
}
