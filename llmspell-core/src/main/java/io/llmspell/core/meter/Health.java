package io.llmspell.core.meter;

import java.util.Map;

/**
 * How a part of the runtime is.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param part the part
 * @param status its status
 * @param details figures and reasons; copied
 */
public record Health(String part, Status status, Map<String, String> details) {
    /** The three answers. */
    public enum Status {
        /** All works. */
        UP,
        /** Works in part, such as a store that is full and still reads. */
        DEGRADED,
        /** Does not work. */
        DOWN
    }

    /**
     * Copies the details.
     *
     * @param part the part
     * @param status its status
     * @param details figures and reasons
     */
    public Health {
        details = Map.copyOf(details);
    }
}
