package io.llmspell.core.state;

import java.util.Locale;

/**
 * How a value is kept and shown.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum StateClass {
    /** In memory only, no events. */
    EPHEMERAL,
    /** Written by trusted code, no events. */
    TRUSTED,
    /** The default. */
    STANDARD,
    /** Encrypted at rest, masked in every copy. */
    SENSITIVE,
    /** From outside; checked for secrets. */
    EXTERNAL;

    /**
     * The name as configuration and scripts write it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
