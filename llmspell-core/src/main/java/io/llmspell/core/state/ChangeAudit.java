package io.llmspell.core.state;

import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.identity.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Where a state manager asks whether a change of state is to be written down, and how, so that the record is part of the
 * batch that it is about.
 *
 * <p>One object is given to the manager and to who keeps the audit; there is one auditor at a time. <b>Threads:</b> safe.
 */
public final class ChangeAudit {
    private volatile @Nullable Auditor auditor;

    /** Begins without an auditor: nothing is written down. */
    public ChangeAudit() {}

    /** Says what is written down of a change. */
    @FunctionalInterface
    public interface Auditor {
        /**
         * The record of a change that is about to be committed.
         *
         * @param key what is changed
         * @param stateClass the class of the new value, or of the one that goes
         * @param change {@code set}, {@code delete} or {@code clear}
         * @param caller on whose behalf
         * @return the record, or null if there shall be none; what is thrown refuses the change
         */
        @Nullable AuditRecord record(StateKey key, StateClass stateClass, String change, Caller caller);
    }

    /**
     * Sets who is asked from the next change on.
     *
     * @param next the auditor, or null for none
     */
    public void use(@Nullable Auditor next) {
        auditor = next;
    }

    /**
     * Who is asked at present.
     *
     * @return the auditor, null if nothing is written down
     */
    public @Nullable Auditor auditor() {
        return auditor;
    }
}
