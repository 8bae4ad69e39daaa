package io.llmspell.hooks.builtin;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.SchemaCompiler;
import io.llmspell.core.meter.Meters;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.ChangeAudit;
import io.llmspell.core.time.TimeSource;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What the built-in hooks get from the runtime that they belong to.
 *
 * <p><b>Threads:</b> immutable; the services themselves are safe.
 */
public final class BuiltinServices {
    private final TimeSource time;
    private final Redactor redactor;
    private final JsonCodec json;
    private final @Nullable AuditLog audit;
    private final @Nullable Notices notices;
    private final @Nullable Meters meters;
    private final BuiltinAlerts alerts;
    private final SchemaCompiler schemas;
    private final ChangeAudit changes;
    private final RandomGenerator random;
    private final Function<String, Logger> loggers;

    BuiltinServices(BuiltinServicesBuilder builder) {
        this.time = builder.time;
        this.redactor = builder.redactor;
        this.json = builder.json;
        this.audit = builder.audit;
        this.notices = builder.notices;
        this.meters = builder.meters;
        this.alerts = builder.alerts;
        this.schemas = builder.schemas;
        this.changes = builder.changes;
        this.random = builder.random;
        this.loggers = builder.loggers;
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

    /** The clock. */
    TimeSource time() {
        return time;
    }

    /** Masks secrets in all copies that leave the hooks. */
    Redactor redactor() {
        return redactor;
    }

    /** Prints and compares JSON values. */
    JsonCodec json() {
        return json;
    }

    /** Where refusals and violations are kept, if anywhere. */
    @Nullable AuditLog audit() {
        return audit;
    }

    /** Tells hooks and subscribers of violations; without it hooks alone are told. */
    @Nullable Notices notices() {
        return notices;
    }

    /** Where figures go besides the hooks' own statistics. */
    @Nullable Meters meters() {
        return meters;
    }

    /** Hears of alerts. */
    BuiltinAlerts alerts() {
        return alerts;
    }

    /** Reads JSON Schemas. */
    SchemaCompiler schemas() {
        return schemas;
    }

    /** Where the state manager asks what to write down of a change. */
    ChangeAudit changes() {
        return changes;
    }

    /** The source of jitter; safe for several threads. */
    RandomGenerator random() {
        return random;
    }

    /** Gives a logger by name. */
    Function<String, Logger> loggers() {
        return loggers;
    }
}
