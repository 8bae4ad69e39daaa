package io.llmspell.events.correlation;

import io.llmspell.core.error.ArgumentException;
import java.util.UUID;

/**
 * A link from a later event to an earlier one.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param from the id of the later event
 * @param to the id of the earlier event
 * @param kind what they have to do with each other
 * @param strength how sure that is, 0 to 1
 */
public record EventLink(UUID from, UUID to, LinkKind kind, double strength) {
    /**
     * Checks the members.
     *
     * @param from the later event
     * @param to the earlier event
     * @param kind what they have to do with each other
     * @param strength how sure that is
     * @throws ArgumentException {@code invalid_argument} if the strength is out of range or both events are one
     */
    public EventLink {
        if (!(strength >= 0 && strength <= 1)) {
            throw new ArgumentException("strength of a link", String.valueOf(strength), "between 0 and 1");
        }
        if (from.equals(to)) {
            throw new ArgumentException("link", from + " to itself", "between two events");
        }
    }
}
