package io.llmspell.hooks.builtin;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.SchemaCompiler;
import io.llmspell.core.meter.Meters;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.ChangeAudit;
import io.llmspell.core.time.TimeSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds {@link BuiltinServices}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class BuiltinServicesBuilder {
    final TimeSource time;
    Redactor redactor = Redactor.create();
    JsonCodec json = JsonCodec.create();

    @Nullable AuditLog audit;

    @Nullable Notices notices;

    @Nullable Meters meters = UserMeters.find();

    BuiltinAlerts alerts = BuiltinAlerts.noop();
    SchemaCompiler schemas = schema -> {
        throw new InvalidStateException(
                "there is nothing that reads JSON Schemas; give BuiltinServices a compiler, such as Schemas.compiler()");
    };
    ChangeAudit changes = new ChangeAudit();
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    Function<String, Logger> loggers = LoggerFactory::getLogger;

    BuiltinServicesBuilder(TimeSource time) {
        this.time = time;
    }

    /**
     * Sets what masks secrets.
     *
     * @param masker the redactor; default: that of the house with its own lists
     * @return this builder
     */
    public BuiltinServicesBuilder redactor(Redactor masker) {
        this.redactor = masker;
        return this;
    }

    /**
     * Sets what prints JSON values.
     *
     * @param codec the codec; default: that of the house
     * @return this builder
     */
    public BuiltinServicesBuilder json(JsonCodec codec) {
        this.json = codec;
        return this;
    }

    /**
     * Sets where denials and violations are kept.
     *
     * @param log the audit log, or null for none; default: none
     * @return this builder
     */
    public BuiltinServicesBuilder audit(@Nullable AuditLog log) {
        this.audit = log;
        return this;
    }

    /**
     * Sets what tells of violations that the hook {@code security} finds.
     *
     * @param teller the notices, which pass {@code SecurityViolation} and are published as events; null for the point
     *     alone; default: null
     * @return this builder
     */
    public BuiltinServicesBuilder notices(@Nullable Notices teller) {
        this.notices = teller;
        return this;
    }

    /**
     * Sets where figures go besides the hooks' own statistics.
     *
     * @param sink the sink, or null for none; default: the global registry of Micrometer if it is on the class path, else
     *     none
     * @return this builder
     */
    public BuiltinServicesBuilder meters(@Nullable Meters sink) {
        this.meters = sink;
        return this;
    }

    /**
     * Sets who hears of alerts.
     *
     * @param listener the callback; default: nobody
     * @return this builder
     */
    public BuiltinServicesBuilder alerts(BuiltinAlerts listener) {
        this.alerts = listener;
        return this;
    }

    /**
     * Sets what reads the schemas of the hook {@code state_validation}.
     *
     * @param compiler the compiler, such as {@code Schemas.compiler()}; default: none, and then a schema is refused
     * @return this builder
     */
    public BuiltinServicesBuilder schemas(SchemaCompiler compiler) {
        this.schemas = compiler;
        return this;
    }

    /**
     * Sets where the hook {@code state_audit} and the state manager meet.
     *
     * @param seam the object that the state manager was built with; default: one that no state manager has, and then the
     *     hook records what was refused alone
     * @return this builder
     */
    public BuiltinServicesBuilder changes(ChangeAudit seam) {
        this.changes = seam;
        return this;
    }

    /**
     * Sets the source of jitter.
     *
     * @param source safe for several threads; default: the thread's own generator
     * @return this builder
     */
    public BuiltinServicesBuilder random(RandomGenerator source) {
        this.random = source;
        return this;
    }

    /** Sets where loggers come from; default: SLF4J. */
    BuiltinServicesBuilder loggers(Function<String, Logger> source) {
        this.loggers = source;
        return this;
    }

    /**
     * Makes the services.
     *
     * @return the services
     */
    public BuiltinServices build() {
        return new BuiltinServices(this);
    }
}
