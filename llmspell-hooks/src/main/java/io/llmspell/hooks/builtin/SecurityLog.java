package io.llmspell.hooks.builtin;

import java.util.List;
import java.util.OptionalLong;

/**
 * The log of the hook {@code security}, in which each event holds the hash of the one before; see
 * {@link BuiltinHooks#view}.
 *
 * <p>It lives in memory and keeps the newest events. What must last goes to the audit log too. <b>Threads:</b> safe.
 */
public interface SecurityLog {
    /**
     * The events that are kept.
     *
     * @return the events, oldest first; an unmodifiable copy
     */
    List<SecurityEvent> events();

    /**
     * Checks the events that are kept: each against its own hash and against the one before, the last against the head
     * of the log.
     *
     * @return the number of the first event that is not as it was written; empty if all are
     */
    OptionalLong verify();

    /**
     * Checks a copy of a log, such as an exported one.
     *
     * @param events events in the order of {@link #events}
     * @return the number of the first event that was changed, removed or moved; empty if none was
     */
    static OptionalLong firstBad(List<SecurityEvent> events) {
        return SecurityChain.firstBad(events, null);
    }
}
