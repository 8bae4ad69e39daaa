package io.llmspell.core.event;

/**
 * What became of a durable subscription.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param cursor everything up to this position was handled, skipped as unwanted, or is gone
 * @param delivered events handed to the handler by this process, failed ones included
 * @param redelivered those of them that may have been handled before
 * @param failed those of them on which the handler threw
 * @param missed positions that retention removed before the subscription got to them
 */
public record DurableStats(long cursor, long delivered, long redelivered, long failed, long missed) {}
