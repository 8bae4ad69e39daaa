package io.llmspell.bridge;

import io.llmspell.bridge.config.BuiltinOptions;
import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.SchemaCompiler;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.ChangeAudit;
import io.llmspell.core.time.TimeSource;
import io.llmspell.hooks.Hooks;
import io.llmspell.hooks.builtin.BuiltinHooks;
import io.llmspell.hooks.builtin.BuiltinServices;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The built-in hooks of a runtime, made with their first use: most runs need none.
 *
 * <p>{@code made} is guarded by {@code this}. They are there before the bus and the store, so that they see the start;
 * {@code bus} is written once, when it has been built.
 */
final class RuntimeBuiltins implements Supplier<BuiltinHooks> {
    private final Hooks hooks;
    private final TimeSource time;
    private final CloseStack closing;
    private final Redactor redactor;
    private final AuditLog audit;
    private final SchemaCompiler schemas;
    private final ChangeAudit changes = new ChangeAudit();
    private volatile @Nullable EventBus bus;
    private @Nullable BuiltinHooks made;

    RuntimeBuiltins(
            Hooks hooks,
            TimeSource time,
            CloseStack closing,
            Redactor redactor,
            AuditLog audit,
            SchemaCompiler schemas) {
        this.hooks = hooks;
        this.time = time;
        this.closing = closing;
        this.redactor = redactor;
        this.audit = audit;
        this.schemas = schemas;
    }

    @Override
    public synchronized BuiltinHooks get() {
        BuiltinHooks present = made;
        if (present == null) {
            present = closing.add(BuiltinHooks.of(hooks, services()));
            made = present;
        }
        return present;
    }

    private BuiltinServices services() {
        EventReporter events = new EventReporter(() -> bus, redactor);
        return BuiltinServices.builder(time)
                .redactor(redactor)
                .audit(audit)
                .schemas(schemas)
                .changes(changes)
                .notices(new Notices(hooks.gate(), events))
                .alerts((type, payload, caller) -> alert(events, type, payload, caller))
                .build();
    }

    /** The events of violations are published with their notices; an alert must not tell of them a second time. */
    private static void alert(EventReporter events, String type, JsonObject payload, Caller caller) {
        if (!type.equals("security.violation")) {
            events.report(type, payload, SystemPoints.RUNTIME, caller);
        }
    }

    /** Where the state manager asks what is to be written down. */
    ChangeAudit changes() {
        return changes;
    }

    /** Enables what is configured. */
    void configure(BuiltinOptions options) {
        if (!options.isEmpty()) {
            options.read(section -> get().configure(section, options.usual()));
        }
    }

    /** Gives the hooks the bus. */
    void serve(EventBus events) {
        bus = events;
    }
}
