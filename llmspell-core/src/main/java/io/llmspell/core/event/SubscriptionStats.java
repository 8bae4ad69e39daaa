package io.llmspell.core.event;

/**
 * What became of the events that were offered to a subscription:
 * {@code offered = accepted + rejected}, {@code accepted = delivered + dropped + expired + buffered}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param offered matched events
 * @param accepted taken into the queue
 * @param rejected refused
 * @param delivered handed to the handler, failed ones included
 * @param dropped lost by overflow or close
 * @param expired past their time to live
 * @param buffered in the queue now
 * @param failed handed to the handler, which threw
 */
public record SubscriptionStats(
        long offered,
        long accepted,
        long rejected,
        long delivered,
        long dropped,
        long expired,
        long buffered,
        long failed) {}
