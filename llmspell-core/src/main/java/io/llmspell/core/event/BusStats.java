package io.llmspell.core.event;

/**
 * Exact counters of a bus: {@code published = accepted + rejected}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param published events that publishers asked for
 * @param accepted numbered and routed
 * @param rejected refused before any queue
 * @param rateLimited of the rejected, those for which the rate limit had no token
 * @param subscriptions present subscriptions
 * @param delivered sum over all subscriptions, closed ones included
 * @param dropped sum over all subscriptions, closed ones included
 * @param expired sum over all subscriptions, closed ones included
 * @param buffered in all queues now
 * @param failed sum over all subscriptions, closed ones included
 */
public record BusStats(
        long published,
        long accepted,
        long rejected,
        long rateLimited,
        long subscriptions,
        long delivered,
        long dropped,
        long expired,
        long buffered,
        long failed) {}
