package io.llmspell.state;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.ChangeAudit;
import io.llmspell.core.storage.Write;
import org.jspecify.annotations.Nullable;

/**
 * The audit records of changes, as parts of their batches.
 *
 * @param log where they go
 * @param audit who says what is written down
 */
record ChangeRecords(AuditLog log, ChangeAudit audit) {
    /** The record of a change, or null if there shall be none. */
    @Nullable Write of(Planned part, Caller caller) {
        ChangeAudit.Auditor auditor = audit.auditor();
        if (auditor == null) {
            return null;
        }
        AuditRecord record =
                auditor.record(part.key(), part.stateClass(), part.change().id(), caller);
        return record == null ? null : log.stage(record);
    }
}
