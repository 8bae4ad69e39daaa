package io.llmspell.hooks.builtin;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.meter.Meters;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.time.TimeSource;
import java.util.Objects;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What the built-in hooks get from the runtime that they belong to.
 *
 * <p><b>Threads:</b> immutable; the services themselves are safe.
 *
 * @param time the clock
 * @param redactor masks secrets in all copies that leave the hooks
 * @param json prints and compares JSON values
 * @param audit where denials and violations are kept, or null
 * @param notices tells hooks and subscribers of violations, or null for hooks alone
 * @param meters where figures go besides the hooks' own statistics, or null
 * @param alerts hears of alerts
 * @param random the source of jitter; safe for several threads
 * @param loggers gives a logger by name
 */
public record BuiltinServices(
        TimeSource time,
        Redactor redactor,
        JsonCodec json,
        @Nullable AuditLog audit,
        @Nullable Notices notices,
        @Nullable Meters meters,
        BuiltinAlerts alerts,
        RandomGenerator random,
        Function<String, Logger> loggers) {
    /**
     * Checks the members.
     *
     * @param time the clock
     * @param redactor masks secrets
     * @param json prints and compares JSON values
     * @param audit where denials and violations are kept, or null
     * @param notices tells of violations, or null
     * @param meters where figures go, or null
     * @param alerts hears of alerts
     * @param random the source of jitter
     * @param loggers gives a logger by name
     */
    public BuiltinServices {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(redactor, "redactor");
        Objects.requireNonNull(json, "json");
        Objects.requireNonNull(alerts, "alerts");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(loggers, "loggers");
    }

    /**
     * Begins with what is needed at least; everything else has a default.
     *
     * @param time the clock
     * @return a builder
     */
    public static BuiltinServicesBuilder builder(TimeSource time) {
        return new BuiltinServicesBuilder(time);
    }
}
