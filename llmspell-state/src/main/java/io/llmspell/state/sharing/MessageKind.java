package io.llmspell.state.sharing;

import java.util.Locale;

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

    /**
     * The name in stored records.
     *
     * @return such as {@code request}
     */
    public String id() {
        return id;
    }
}
