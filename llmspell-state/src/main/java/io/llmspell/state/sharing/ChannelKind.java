package io.llmspell.state.sharing;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageException;
import java.util.Locale;

/**
 * Who sends to whom in a channel.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum ChannelKind {
    /** Senders tell all receivers. */
    BROADCAST,
    /** Requesters ask responders, who answer each request once. */
    REQUEST_RESPONSE,
    /** All members tell all others. */
    COLLABORATIVE,
    /** Each stage hands on to the next. */
    PIPELINE,
    /** Members tell those below them, and the one above. */
    HIERARCHICAL;

    private final String id = name().toLowerCase(Locale.ROOT);

    /**
     * The name in stored records and messages.
     *
     * @return such as {@code request_response}
     */
    public String id() {
        return id;
    }

    static ChannelKind of(String id) {
        for (ChannelKind each : values()) {
            if (each.id.equals(id)) {
                return each;
            }
        }
        throw new StorageException(
                ErrorCode.STORE_TOO_NEW,
                "a channel has the kind \"" + id + "\", which this release does not know; open the store with the"
                        + " release that wrote it");
    }
}
