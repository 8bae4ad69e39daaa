package io.llmspell.bridge;

import io.llmspell.bridge.config.BuiltinOptions;
import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
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
 * {@code bus} and {@code audit} are written once, when those have been built.
 */
final class RuntimeBuiltins implements Supplier<BuiltinHooks> {
    private final Hooks hooks;
    private final TimeSource time;
    private final CloseStack closing;
    private volatile @Nullable EventBus bus;
    private volatile @Nullable Supplier<AuditLog> audit;
    private @Nullable BuiltinHooks made;

    RuntimeBuiltins(Hooks hooks, TimeSource time, CloseStack closing) {
        this.hooks = hooks;
        this.time = time;
        this.closing = closing;
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
        Redactor redactor = Redactor.create();
        EventReporter events = new EventReporter(() -> bus, redactor);
        return BuiltinServices.builder(time)
                .redactor(redactor)
                .audit(new LaterAudit())
                .notices(new Notices(hooks.gate(), events))
                .alerts((type, payload, caller) -> events.report(type, payload, SystemPoints.RUNTIME, caller))
                .build();
    }

    /** Enables what is configured. */
    void configure(BuiltinOptions options) {
        if (!options.isEmpty()) {
            options.read(get()::configure);
        }
    }

    /** Gives the hooks the bus, and the audit log of the store, which is looked at with the first record. */
    void serve(EventBus events, Supplier<AuditLog> log) {
        bus = events;
        audit = log;
    }

    /** The audit log of a store that is still being opened. */
    private final class LaterAudit implements AuditLog {
        private volatile @Nullable AuditLog opened;

        private AuditLog log() {
            AuditLog present = opened;
            if (present == null) {
                Supplier<AuditLog> open = audit;
                if (open == null) {
                    throw new StorageException(
                            ErrorCode.STORE_UNAVAILABLE, "the audit log is not open before the runtime has started");
                }
                present = open.get();
                opened = present;
            }
            return present;
        }

        @Override
        public void append(AuditRecord record) {
            log().append(record);
        }

        @Override
        public Write stage(AuditRecord record) {
            return log().stage(record);
        }

        @Override
        public long verify() {
            return log().verify();
        }
    }
}
