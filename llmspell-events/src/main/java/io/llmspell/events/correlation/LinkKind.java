package io.llmspell.events.correlation;

import io.llmspell.core.error.ArgumentException;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a later event has to do with an earlier one.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum LinkKind {
    /** The earlier one is its cause. */
    CAUSED_BY,
    /** It ends what the earlier one began. */
    PART_OF,
    /** They have something in common, as whoever made the link knows. */
    RELATED_TO,
    /** It answers the earlier one. */
    RESPONSE_TO,
    /** It came soon after the earlier one. */
    FOLLOWS_FROM,
    /** It came at the same time from elsewhere. */
    CONCURRENT_WITH;

    /**
     * The name as scripts and records show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a name back.
     *
     * @param id a name in lower case
     * @return the kind
     * @throws ArgumentException {@code invalid_argument} if there is no such kind
     */
    public static LinkKind of(String id) {
        for (LinkKind each : values()) {
            if (each.id().equals(id)) {
                return each;
            }
        }
        throw new ArgumentException(
                "relationship",
                id,
                "one of "
                        + String.join(
                                ", ", Arrays.stream(values()).map(LinkKind::id).toList()));
    }

    /** Whether the earlier event comes before the later one in a chain of causes. */
    boolean causal() {
        return this != CONCURRENT_WITH && this != RELATED_TO;
    }
}
