package io.llmspell.events.correlation;

import io.llmspell.core.event.UniversalEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What happened in one run or several, in order and with causes.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param entries the events in the order of the query; copied
 * @param causalChains paths from a first cause to a last effect, as ids; at most 1,000; copied
 * @param stats figures over all events of the runs, also those that the query left out
 */
public record Timeline(List<Entry> entries, List<List<UUID>> causalChains, Stats stats) {
    /**
     * Copies the lists.
     *
     * @param entries the events
     * @param causalChains paths of causes
     * @param stats figures
     */
    public Timeline {
        entries = List.copyOf(entries);
        causalChains = List.copyOf(causalChains);
    }

    /**
     * An event in a timeline.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param event the event
     * @param position its place in the timeline, from 1
     * @param relativeTime how long after the first event of the timeline
     * @param depth how many causes come one before the other until this event; 0 for a first cause
     * @param causes the links to earlier events
     * @param effects the ids of the events that are linked to this one as their cause
     * @param concurrent the ids of events that happened elsewhere at the same time, at most 100
     */
    public record Entry(
            UniversalEvent event,
            int position,
            Duration relativeTime,
            int depth,
            List<EventLink> causes,
            List<UUID> effects,
            List<UUID> concurrent) {
        /**
         * Copies the lists.
         *
         * @param event the event
         * @param position its place
         * @param relativeTime how long after the first one
         * @param depth the length of the chain of causes
         * @param causes links to earlier events
         * @param effects ids of later events
         * @param concurrent ids of events at the same time
         */
        public Entry {
            causes = List.copyOf(causes);
            effects = List.copyOf(effects);
            concurrent = List.copyOf(concurrent);
        }

        Entry at(int place) {
            return new Entry(event, place, relativeTime, depth, causes, effects, concurrent);
        }

        /** How long after the first event, in milliseconds. */
        double millis() {
            return relativeTime.toNanos() / 1e6;
        }
    }

    /**
     * Figures of a timeline.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param events how many events
     * @param left how many more there were, which the limit of timelines left out
     * @param correlations how many runs
     * @param components how many sources
     * @param duration from the first timestamp to the last
     * @param maxDepth the length of the longest chain of causes
     * @param links how many links, by kind; copied
     */
    public record Stats(
            int events,
            int left,
            int correlations,
            int components,
            Duration duration,
            int maxDepth,
            Map<LinkKind, Integer> links) {
        /**
         * Copies the map.
         *
         * @param events how many events
         * @param left how many were left out
         * @param correlations how many runs
         * @param components how many sources
         * @param duration from first to last
         * @param maxDepth the longest chain
         * @param links links by kind
         */
        public Stats {
            links = Map.copyOf(links);
        }
    }
}
