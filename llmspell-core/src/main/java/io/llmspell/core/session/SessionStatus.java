package io.llmspell.core.session;

import java.util.Locale;

/**
 * Where a session is in its life.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum SessionStatus {
    /** It was started and not finished. */
    ACTIVE,
    /** It was finished; its record stays for a while. */
    ENDED;

    /**
     * The name as scripts and records write it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
