package io.llmspell.core.audit;

import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Principal;
import java.time.Instant;

/**
 * One line of the audit log.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param timestamp when, by the wall clock
 * @param principal who asked
 * @param action what was asked, such as {@code state.write}
 * @param target on what, redacted
 * @param allowed whether it was allowed
 * @param reason why
 * @param correlation the run
 */
public record AuditRecord(
        Instant timestamp,
        Principal principal,
        String action,
        String target,
        boolean allowed,
        String reason,
        CorrelationId correlation) {}
