package io.llmspell.core.event;

import java.util.Locale;

/**
 * What happens when the buffer of a subscription is full.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum Overflow {
    /** The oldest buffered event goes. */
    DROP_OLDEST,
    /** The new event is dropped; the publisher does not notice. */
    DROP_NEWEST,
    /** The publisher waits up to the block timeout, then the event is rejected. */
    BLOCK,
    /** The event is rejected at once. */
    REJECT;

    /**
     * The name as configuration and scripts write it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
