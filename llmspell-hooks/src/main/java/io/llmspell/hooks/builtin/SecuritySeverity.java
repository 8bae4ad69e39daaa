package io.llmspell.hooks.builtin;

import java.util.Locale;

/**
 * How grave a security event is.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum SecuritySeverity {
    /** For the record. */
    INFO,
    /** Worth to be known. */
    LOW,
    /** A rule was broken. */
    MEDIUM,
    /** Somebody tried to do harm, or may have. */
    HIGH,
    /** Somebody has to act at once. */
    CRITICAL;

    /**
     * The name as configuration and records show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean atLeast(SecuritySeverity other) {
        return compareTo(other) >= 0;
    }
}
