package io.llmspell.hooks.builtin;

import java.util.Locale;
import org.slf4j.event.Level;

/**
 * How important a line of the log is.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum LogLevel {
    /** Every step, for those who look for a fault. */
    TRACE(Level.TRACE),
    /** What helps to understand a run. */
    DEBUG(Level.DEBUG),
    /** What somebody may want to know. */
    INFO(Level.INFO),
    /** What somebody should look at. */
    WARN(Level.WARN),
    /** What somebody must look at. */
    ERROR(Level.ERROR);

    private final Level level;

    LogLevel(Level level) {
        this.level = level;
    }

    Level slf4j() {
        return level;
    }

    /**
     * The name as configuration and statistics show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
