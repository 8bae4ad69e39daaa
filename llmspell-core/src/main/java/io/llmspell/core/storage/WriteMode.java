package io.llmspell.core.storage;

import java.util.Locale;

/**
 * What an acknowledged write has survived.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum WriteMode {
    /** The log is synced: the write survives a killed process and a power cut. */
    DURABLE,
    /** The log is with the operating system: the write survives a killed process. */
    BUFFERED,
    /** The write is in memory only. */
    MEMORY;

    /**
     * The name as configuration and scripts write it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
