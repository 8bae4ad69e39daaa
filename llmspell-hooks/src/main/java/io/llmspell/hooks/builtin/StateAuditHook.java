package io.llmspell.hooks.builtin;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.ChangeAudit;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes of state into the audit log: who changed what in which run, never the value.
 *
 * <p>The record of a change is part of its batch, so that neither exists without the other; the state manager asks for it
 * through {@link ChangeAudit}. The hook itself sees what was refused, and reads. A change that is vetoed at the commit or
 * loses against another writer has no record: it did not happen, and its caller may try again. <b>Threads:</b> safe; all
 * figures are adders.
 */
final class StateAuditHook implements RunningBuiltin {
    private static final int TEXT_BYTES = 1_024;

    private final BuiltinServices services;
    private final AuditLog log;
    private final Excerpts excerpts;
    private final Shared shared;

    /**
     * Makes the hook.
     *
     * @param before what ran before, whose figures go on; or null
     */
    StateAuditHook(BuiltinServices services, AuditLog log, @Nullable StateAuditHook before) {
        this.services = services;
        this.log = log;
        this.excerpts = new Excerpts(services.redactor(), services.json());
        this.shared = before == null ? new Shared() : before.shared;
        shared.users.incrementAndGet();
    }

    /** What an instance has in common with those that take its place when the settings change. */
    private static final class Shared {
        private final LongAdder refused = new LongAdder();
        private final LongAdder reads = new LongAdder();

        /** How many instances are not closed; with the last one the changes are no longer recorded. */
        private final AtomicInteger users = new AtomicInteger();
    }

    @Override
    public void begin() {
        services.changes().use(this::change);
    }

    /** What is never stored is not recorded. */
    private @Nullable AuditRecord change(StateKey key, StateClass stateClass, String change, Caller caller) {
        if (stateClass == StateClass.EPHEMERAL) {
            return null;
        }
        return record("state." + change, key.scope().text(), key.key(), true, "class " + stateClass.id(), caller);
    }

    private AuditRecord record(
            String action, String scope, @Nullable String key, boolean allowed, String reason, Caller caller) {
        return new AuditRecord(
                services.time().now(),
                caller.principal(),
                action,
                excerpts.line(scope, TEXT_BYTES),
                key == null ? null : excerpts.line(key, TEXT_BYTES),
                allowed,
                reason,
                caller.correlation(),
                1);
    }

    @Override
    public HookResult execute(HookContext context) {
        boolean read = context.point().equals(HookPoint.BEFORE_STATE_READ);
        String scope = StatePoints.note(context, "scope");
        String key = context.metadata().get("key");
        String change = read ? (key == null ? "list" : "read") : StatePoints.note(context, "change");
        String stateClass = StatePoints.note(context, "class");
        Caller caller = context.caller();
        context.onEnd(ended -> ended(ended, "state." + change, scope, key, stateClass, caller, read));
        return HookResult.proceed();
    }

    private void ended(
            OperationView operation,
            String action,
            String scope,
            @Nullable String key,
            String stateClass,
            Caller caller,
            boolean read) {
        LlmSpellException error = operation.error();
        if (error == null && read) {
            shared.reads.increment();
            log.append(record(action, scope, key, true, stateClass.isEmpty() ? "keys" : "class " + stateClass, caller));
        } else if (error != null && refused(error)) {
            shared.refused.increment();
            log.append(record(action, scope, key, false, excerpts.line(reason(error), TEXT_BYTES), caller));
        }
    }

    /** A change that stands has its record already, and one that lost against another writer may be tried again. */
    private static boolean refused(LlmSpellException error) {
        boolean committed = Boolean.TRUE.equals(error.details().get("committed"));
        return !committed && !error.code().equals(ErrorCode.STATE_CONFLICT);
    }

    private static String reason(LlmSpellException error) {
        if (error instanceof OperationCancelledException veto) {
            return "hook \"" + veto.hook() + "\" refused: " + veto.reason();
        }
        return error instanceof HookException ? error.text() : error.code() + ": " + error.text();
    }

    /** A repeated look at a changed value must not make a second record of the same operation. */
    @Override
    public boolean reserves() {
        return true;
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("refused", shared.refused.sum());
        all.put("reads", shared.reads.sum());
        return all;
    }

    @Override
    public void close() {
        if (shared.users.decrementAndGet() == 0) {
            services.changes().use(null);
        }
    }
}
