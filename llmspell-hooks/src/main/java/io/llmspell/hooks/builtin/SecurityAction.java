package io.llmspell.hooks.builtin;

import java.util.Locale;

/**
 * What a security rule does when its condition holds. The event itself is always recorded.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum SecurityAction {
    /** Writes a line to the log. */
    LOG,
    /** Tells {@link BuiltinAlerts}. */
    ALERT,
    /** Puts a masked copy of the data into the event; never changes the data itself. */
    REDACT,
    /** Refuses the operation, if {@code block_on_violations} is set. */
    BLOCK;

    /**
     * The name as descriptions show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
