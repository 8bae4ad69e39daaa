package io.llmspell.core.event;

import io.llmspell.core.error.ErrorCode;
import java.util.List;
import java.util.Map;

/**
 * How the bus took an event.
 *
 * <p><b>Threads:</b> immutable.
 */
public sealed interface PublishResult {
    /**
     * The bus accepted the event and every subscription that it matched took it.
     *
     * @param sequence its number
     * @param matched how many subscriptions it matched
     */
    record Accepted(long sequence, int matched) implements PublishResult {}

    /**
     * At least one subscription refused the event; all others were served.
     *
     * @param sequence its number
     * @param subscriptions the ids of those that refused; copied
     * @param text what was full and how large it is
     */
    record Rejected(long sequence, List<String> subscriptions, String text) implements PublishResult {
        /**
         * Copies the ids.
         *
         * @param sequence its number
         * @param subscriptions the ids
         * @param text what was full
         */
        public Rejected {
            subscriptions = List.copyOf(subscriptions);
        }
    }

    /**
     * The acceptance, or the error.
     *
     * @return the acceptance
     * @throws EventException {@code event_rejected} naming the subscriptions that refused
     */
    default Accepted orThrow() {
        if (this instanceof Accepted accepted) {
            return accepted;
        }
        Rejected rejected = (Rejected) this;
        throw new EventException(
                ErrorCode.EVENT_REJECTED, rejected.text(), Map.of("subscriptions", rejected.subscriptions()), null);
    }
}
