package io.llmspell.core.event;

import java.util.List;

/**
 * What a bus left when it closed.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param drained whether every event that was queued or being handled was worked off in time
 * @param left one row for each subscription that did not get all of its events, or whose handler still runs; copied
 */
public record CloseReport(boolean drained, List<Left> left) {
    /**
     * Copies the rows.
     *
     * @param drained whether nothing was left
     * @param left the rows
     */
    public CloseReport {
        left = List.copyOf(left);
    }

    /**
     * What one subscription left.
     *
     * @param subscriptionId its id
     * @param pattern its pattern
     * @param dropped queued events that were dropped by the close
     * @param running handlers that had not returned when the bus closed; their events count as delivered
     */
    public record Left(String subscriptionId, String pattern, long dropped, long running) {}

    /**
     * How many queued events the close dropped.
     *
     * @return the sum over all subscriptions
     */
    public long dropped() {
        return left.stream().mapToLong(Left::dropped).sum();
    }

    /**
     * How many handlers had not returned.
     *
     * @return the sum over all subscriptions
     */
    public long running() {
        return left.stream().mapToLong(Left::running).sum();
    }
}
