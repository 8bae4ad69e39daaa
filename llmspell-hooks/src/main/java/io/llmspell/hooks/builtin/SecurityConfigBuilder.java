package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a {@link SecurityConfig}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class SecurityConfigBuilder {
    private List<HookPoint> points = List.of();
    private boolean enableAuditLogging = true;
    private boolean enableParameterValidation = true;
    private boolean redact = true;
    private int maxEvents = SecurityConfig.EVENTS;
    private SecuritySeverity minSeverity = SecuritySeverity.INFO;
    private boolean blockOnViolations;
    private int maxParameterLength = SecurityConfig.PARAMETER_LENGTH;
    private List<String> sensitiveParameters = List.of();
    private final List<SecurityRule> rules = new ArrayList<>();

    SecurityConfigBuilder() {}

    /**
     * Sets where the hook runs.
     *
     * @param places the points; default: those of its rules
     * @return this builder
     */
    public SecurityConfigBuilder points(HookPoint... places) {
        this.points = List.of(places);
        return this;
    }

    /**
     * Sets whether events are recorded.
     *
     * @param on default true
     * @return this builder
     */
    public SecurityConfigBuilder enableAuditLogging(boolean on) {
        this.enableAuditLogging = on;
        return this;
    }

    /**
     * Sets whether the rules on parameters are looked at.
     *
     * @param on default true
     * @return this builder
     */
    public SecurityConfigBuilder enableParameterValidation(boolean on) {
        this.enableParameterValidation = on;
        return this;
    }

    /**
     * Sets whether events have a masked copy of the data.
     *
     * @param on default true; without it they have no copy at all
     * @return this builder
     */
    public SecurityConfigBuilder redact(boolean on) {
        this.redact = on;
        return this;
    }

    /**
     * Sets how many events are kept at most.
     *
     * @param count 1 to 1,000,000; default 10,000
     * @return this builder
     */
    public SecurityConfigBuilder maxEvents(int count) {
        this.maxEvents = count;
        return this;
    }

    /**
     * Sets which events count.
     *
     * @param least events below it are neither recorded nor told; default {@link SecuritySeverity#INFO}
     * @return this builder
     */
    public SecurityConfigBuilder minSeverity(SecuritySeverity least) {
        this.minSeverity = least;
        return this;
    }

    /**
     * Sets whether rules that can refuse do.
     *
     * @param on default false
     * @return this builder
     */
    public SecurityConfigBuilder blockOnViolations(boolean on) {
        this.blockOnViolations = on;
        return this;
    }

    /**
     * Sets how long parameters may be.
     *
     * @param bytes 1 byte to 10 MiB, as JSON text in UTF-8; default 10,000
     * @return this builder
     */
    public SecurityConfigBuilder maxParameterLength(int bytes) {
        this.maxParameterLength = bytes;
        return this;
    }

    /**
     * Sets names of sensitive parameters besides those of the redactor.
     *
     * @param names such as {@code ssn} or {@code credit_card}
     * @return this builder
     */
    public SecurityConfigBuilder sensitiveParameters(String... names) {
        this.sensitiveParameters = List.of(names);
        return this;
    }

    /**
     * Adds a rule of the user's own.
     *
     * @param rule the rule
     * @return this builder
     */
    public SecurityConfigBuilder rule(SecurityRule rule) {
        this.rules.add(rule);
        return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a number is out of range, a name has no
     *     letter or two rules have one name
     */
    public SecurityConfig build() {
        return new SecurityConfig(
                points,
                enableAuditLogging,
                enableParameterValidation,
                redact,
                maxEvents,
                minSeverity,
                blockOnViolations,
                maxParameterLength,
                sensitiveParameters,
                rules);
    }
}
