package io.llmspell.core.hook;

import java.util.Locale;

/**
 * The state of the circuit breaker of a hook.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum BreakerState {
    /** The hook runs. */
    CLOSED,
    /** The hook does not start until the open time is over. */
    OPEN,
    /** A few calls try whether the hook works again. */
    HALF_OPEN;

    /**
     * The name as scripts and records show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
