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
 * @param delivered handed to the handler, failed and still running ones included
 * @param dropped lost by overflow, quarantine or close
 * @param expired past their time to live
 * @param buffered in the queue now
 * @param failed handed to the handler, which threw or took too long
 * @param running handed to the handler, which has not returned yet
 */
public record SubscriptionStats(
        long offered,
        long accepted,
        long rejected,
        long delivered,
        long dropped,
        long expired,
        long buffered,
        long failed,
        long running) {}
