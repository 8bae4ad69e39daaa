package io.llmspell.core.tool;

import java.util.Locale;

/**
 * How much trust a tool needs; the level of the caller must reach that of the tool.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum SecurityLevel {
    /** Computes only. */
    SAFE,
    /** Reaches outside, within grants. */
    RESTRICTED,
    /** Can change the machine. */
    PRIVILEGED;

    /**
     * The name as configuration and scripts write it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
