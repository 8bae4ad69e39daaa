package io.llmspell.core.audit;

import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Principal;
import java.time.Instant;

/**
 * One removal of the oldest records of an audit log, as the log itself says.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param removed how many records went, 1 or more
 * @param by who removed them
 * @param at when, by the wall clock
 * @param correlation the run
 */
public record AuditTrimming(long removed, Principal by, Instant at, CorrelationId correlation) {}
