package io.llmspell.core.audit;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param timestamp when, by the wall clock
 * @param principal who asked
 * @param action what was asked, such as {@code state.write}
 * @param target on what, redacted
 * @param key on which part of the target, redacted, or null
 * @param allowed whether it was allowed
 * @param reason why
 * @param correlation the run
 * @param count how many attempts that were alike it stands for, 1 or more
 */
public record AuditRecord(
        Instant timestamp,
        Principal principal,
        String action,
        String target,
        @Nullable String key,
        boolean allowed,
        String reason,
        CorrelationId correlation,
        long count) {
    /**
     * Checks the count.
     *
     * @param timestamp when
     * @param principal who asked
     * @param action what was asked
     * @param target on what
     * @param key on which part of it, or null
     * @param allowed whether it was allowed
     * @param reason why
     * @param correlation the run
     * @param count how many attempts it stands for
     * @throws ArgumentException {@code invalid_argument} if the count is not positive
     */
    public AuditRecord {
        if (count < 1) {
            throw new ArgumentException("count of an audit record", String.valueOf(count), "1 or more");
        }
    }

    /**
     * The record of one attempt on a target without parts.
     *
     * @param timestamp when
     * @param principal who asked
     * @param action what was asked
     * @param target on what
     * @param allowed whether it was allowed
     * @param reason why
     * @param correlation the run
     */
    public AuditRecord(
            Instant timestamp,
            Principal principal,
            String action,
            String target,
            boolean allowed,
            String reason,
            CorrelationId correlation) {
        this(timestamp, principal, action, target, null, allowed, reason, correlation, 1);
    }
}
