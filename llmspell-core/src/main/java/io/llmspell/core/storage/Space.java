package io.llmspell.core.storage;

import io.llmspell.core.error.ArgumentException;
import java.util.regex.Pattern;

/**
 * A named part of a store: a column family, bucket or table.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name lower-case letters, digits and {@code _}, 1 to 64 characters
 * @param log whether the space is a log, whose keys are positions that the store gives
 */
public record Space(String name, boolean log) {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    /** State of all scopes. */
    public static final Space STATE = new Space("state", false);
    /** The journal of events. */
    public static final Space EVENTS = new Space("events", true);
    /** The history of hook executions. */
    public static final Space HISTORY = new Space("history", true);
    /** The audit log. */
    public static final Space AUDIT = new Space("audit", true);
    /** Records of agents. */
    public static final Space AGENTS = new Space("agents", false);
    /** Sessions and artifacts. */
    public static final Space SESSIONS = new Space("sessions", false);
    /** What the runtime keeps about itself. */
    public static final Space META = new Space("meta", false);

    /**
     * Checks the name.
     *
     * @param name the name
     * @param log whether it is a log
     * @throws ArgumentException {@code invalid_argument} if the name is malformed
     */
    public Space {
        if (!FORM.matcher(name).matches()) {
            throw new ArgumentException("space name", name, "1 to 64 lower-case letters, digits and _");
        }
    }
}
