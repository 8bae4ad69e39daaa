package io.llmspell.state.sharing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a message is.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum MessageKind {
    /** A message that nobody need answer. */
    MESSAGE,
    /** A request, to be answered once. */
    REQUEST,
    /** The answer to a request. */
    RESPONSE;

    private final String id = name().toLowerCase(Locale.ROOT);

    /** The kind of a name in stored records, null if no kind has it. */
    static @Nullable MessageKind of(String id) {
        for (MessageKind each : values()) {
            if (each.id.equals(id)) {
                return each;
            }
        }
        return null;
    }

    /**
     * The name in stored records.
     *
     * @return such as {@code request}
     */
    public String id() {
        return id;
    }
}
