package io.llmspell.events.stream;

/**
 * How many events came in one period.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param count events in the period
 * @param perSecond the same for a second
 */
public record Throughput(long count, double perSecond) {}
