package io.llmspell.hooks.builtin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event in the log of the built-in hook that watches over security; nothing in it is a secret.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param number its place in the log, from 1 without gaps
 * @param timestamp when, by the wall clock
 * @param kind what it is about
 * @param severity how grave it is
 * @param rule the rule that was broken, or null
 * @param point the hook point
 * @param component what was asked to do it, as {@code TYPE/NAME}
 * @param principal who asked
 * @param correlationId the run
 * @param blocked whether the operation was refused
 * @param reason what is wrong
 * @param data a masked copy of the data as JSON text of at most 2 KiB, or null
 * @param previous the hash of the event before, 64 hexadecimal digits; zeros for the first
 * @param hash the SHA-256 of everything else in the event, 64 hexadecimal digits
 */
public record SecurityEvent(
        long number,
        Instant timestamp,
        SecurityEventKind kind,
        SecuritySeverity severity,
        @Nullable String rule,
        String point,
        String component,
        String principal,
        String correlationId,
        boolean blocked,
        String reason,
        @Nullable String data,
        String previous,
        String hash) {}
