package io.llmspell.events.stream;

import java.util.Map;

/**
 * What the events of one window say together.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param count all events
 * @param byType events by type; copied
 * @param measured events that had a value
 * @param least the least value, 0 without values
 * @param most the greatest value, 0 without values
 * @param mean the mean of the values, 0 without values
 */
public record WindowStatistics(
        long count, Map<String, Long> byType, long measured, double least, double most, double mean) {
    /**
     * Copies the counts.
     *
     * @param count all events
     * @param byType events by type
     * @param measured events that had a value
     * @param least the least value
     * @param most the greatest value
     * @param mean the mean
     */
    public WindowStatistics {
        byType = Map.copyOf(byType);
    }
}
