package io.llmspell.hooks.distributed;

import java.util.Locale;

/**
 * How urgent a context is for the transport.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum NetworkPriority {
    /** When there is nothing better to do. */
    LOW,
    /** As usual. */
    NORMAL,
    /** Before the usual. */
    HIGH,
    /** Before everything else. */
    CRITICAL;

    /**
     * The name as records show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
