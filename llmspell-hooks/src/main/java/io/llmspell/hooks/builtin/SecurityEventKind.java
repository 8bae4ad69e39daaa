package io.llmspell.hooks.builtin;

import java.util.Locale;
import java.util.Optional;

/**
 * What a security event is about.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum SecurityEventKind {
    /** Somebody asked for an operation that the hook guards. */
    ACCESS_ATTEMPT,
    /** A right was missing. */
    PERMISSION_DENIED,
    /** Something looks wrong, such as parameters that are too large. */
    SUSPICIOUS_ACTIVITY,
    /** Sensitive data was passed on. */
    DATA_ACCESS,
    /** Parameters hold what looks like instructions or code. */
    PARAMETER_INJECTION,
    /** Somebody asked too often. */
    RATE_LIMIT_EXCEEDED,
    /** Somebody tried what is not open to anybody, such as a path outside the granted folders. */
    UNAUTHORIZED_OPERATION,
    /** A part of the runtime reported a violation. */
    SECURITY_VIOLATION,
    /** The log of security events itself: it began, or its settings changed. */
    AUDIT_LOG,
    /** A rule of the user's own. */
    CUSTOM;

    /**
     * The name as records show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind with an id, empty if there is none. */
    static Optional<SecurityEventKind> of(String id) {
        for (SecurityEventKind kind : values()) {
            if (kind.id().equals(id)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** Whether somebody was refused something, or should have been. */
    boolean violation() {
        return switch (this) {
            case ACCESS_ATTEMPT, DATA_ACCESS, AUDIT_LOG, CUSTOM -> false;
            default -> true;
        };
    }
}
