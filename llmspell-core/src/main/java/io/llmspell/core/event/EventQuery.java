package io.llmspell.core.event;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.CorrelationId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events of a journal are wanted; every condition that is set must hold.
 *
 * <p><b>Threads:</b> immutable; the methods with a value make copies.
 *
 * @param types globs over event types of which one must match; empty for all types; copied
 * @param correlation the run, or null for all
 * @param component the name of the source, or null for all
 * @param tags of which the event must have one; empty for all events; copied
 * @param from the first timestamp, included, or null
 * @param to the last timestamp, excluded, or null
 * @param afterSequence events with a larger number of the bus only; 0 for all
 * @param afterPosition events behind this position only; 0 for all
 * @param newestFirst the order: false from the oldest on, true from the newest back
 * @param limit the most events that are wanted
 */
public record EventQuery(
        List<String> types,
        @Nullable CorrelationId correlation,
        @Nullable String component,
        Set<String> tags,
        @Nullable Instant from,
        @Nullable Instant to,
        long afterSequence,
        long afterPosition,
        boolean newestFirst,
        long limit) {
    private static final EventQuery ALL =
            new EventQuery(List.of(), null, null, Set.of(), null, null, 0, 0, false, Long.MAX_VALUE);

    /**
     * Copies the collections.
     *
     * @param types globs over event types
     * @param correlation the run, or null
     * @param component the name of the source, or null
     * @param tags of which one is wanted
     * @param from the first timestamp, or null
     * @param to behind the last timestamp, or null
     * @param afterSequence the last number that is not wanted
     * @param afterPosition the last position that is not wanted
     * @param newestFirst whether the newest come first
     * @param limit the most events
     * @throws ArgumentException {@code invalid_argument} if a number is negative
     */
    public EventQuery {
        types = List.copyOf(types);
        tags = Set.copyOf(tags);
        notNegative("after_sequence", afterSequence);
        notNegative("after_position", afterPosition);
        notNegative("limit", limit);
    }

    private static void notNegative(String name, long value) {
        if (value < 0) {
            throw new ArgumentException(name, String.valueOf(value), "0 or more");
        }
    }

    /**
     * All events, from the oldest on.
     *
     * @return the query
     */
    public static EventQuery all() {
        return ALL;
    }

    /**
     * A copy for some types.
     *
     * @param patterns globs of which one must match
     * @return the copy
     */
    public EventQuery types(String... patterns) {
        return new EventQuery(
                List.of(patterns),
                correlation,
                component,
                tags,
                from,
                to,
                afterSequence,
                afterPosition,
                newestFirst,
                limit);
    }

    /**
     * A copy for one run.
     *
     * @param run the correlation id
     * @return the copy
     */
    public EventQuery run(CorrelationId run) {
        return new EventQuery(types, run, component, tags, from, to, afterSequence, afterPosition, newestFirst, limit);
    }

    /**
     * A copy for one source.
     *
     * @param name the name of the component
     * @return the copy
     */
    public EventQuery source(String name) {
        return new EventQuery(
                types, correlation, name, tags, from, to, afterSequence, afterPosition, newestFirst, limit);
    }

    /**
     * A copy for some tags.
     *
     * @param words of which the event must have one
     * @return the copy
     */
    public EventQuery anyTag(Set<String> words) {
        return new EventQuery(
                types, correlation, component, words, from, to, afterSequence, afterPosition, newestFirst, limit);
    }

    /**
     * A copy for a range of timestamps.
     *
     * @param first included, or null for no border
     * @param end excluded, or null for no border
     * @return the copy
     */
    public EventQuery between(@Nullable Instant first, @Nullable Instant end) {
        return new EventQuery(
                types, correlation, component, tags, first, end, afterSequence, afterPosition, newestFirst, limit);
    }

    /**
     * A copy for later numbers of the bus.
     *
     * @param sequence the last number that is not wanted
     * @return the copy
     */
    public EventQuery afterSequence(long sequence) {
        return new EventQuery(
                types, correlation, component, tags, from, to, sequence, afterPosition, newestFirst, limit);
    }

    /**
     * A copy for later positions.
     *
     * @param position the last position that is not wanted
     * @return the copy
     */
    public EventQuery afterPosition(long position) {
        return new EventQuery(
                types, correlation, component, tags, from, to, afterSequence, position, newestFirst, limit);
    }

    /**
     * A copy in the other direction.
     *
     * @return the copy, from the newest back
     */
    public EventQuery backwards() {
        return new EventQuery(types, correlation, component, tags, from, to, afterSequence, afterPosition, true, limit);
    }

    /**
     * A copy with a limit.
     *
     * @param most the most events
     * @return the copy
     */
    public EventQuery most(long most) {
        return new EventQuery(
                types, correlation, component, tags, from, to, afterSequence, afterPosition, newestFirst, most);
    }
}
