package io.llmspell.events.correlation;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Language;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a timeline are wanted, and in which order; every condition that is set must hold.
 *
 * <p>The conditions choose what is shown: causes and depth are found among all events of the runs. <b>Threads:</b>
 * immutable.
 */
public final class TimelineQuery {
    private static final TimelineQuery ALL = new TimelineQuery(new Builder());

    private final Builder chosen;
    private final List<EventPattern> patterns;

    private TimelineQuery(Builder chosen) {
        this.chosen = chosen;
        this.patterns = chosen.eventTypes.stream().map(EventPattern::compile).toList();
    }

    /** In which order entries come. */
    public enum SortOrder {
        /** By time. */
        CHRONOLOGICAL_ASC,
        /** By time, the newest first. */
        CHRONOLOGICAL_DESC,
        /** By the length of the chain of causes. */
        CAUSALITY_DEPTH_ASC,
        /** By the length of the chain of causes, the longest first. */
        CAUSALITY_DEPTH_DESC,
        /** By the number of the bus. */
        SEQUENCE,
        /** By the run, within it by time. */
        CORRELATION_ID;

        /**
         * Reads a name.
         *
         * @param id a name in lower case, such as {@code sequence}
         * @return the order
         * @throws ArgumentException {@code invalid_argument} if there is no such order
         */
        public static SortOrder of(String id) {
            for (SortOrder each : values()) {
                if (each.name().toLowerCase(Locale.ROOT).equals(id)) {
                    return each;
                }
            }
            throw new ArgumentException(
                    "sort_order", id, "one of " + Arrays.toString(values()).toLowerCase(Locale.ROOT));
        }

        Comparator<Timeline.Entry> comparator() {
            Comparator<Timeline.Entry> time =
                    Comparator.comparing(entry -> entry.event().timestamp());
            Comparator<Timeline.Entry> depth = Comparator.comparingInt(Timeline.Entry::depth);
            return switch (this) {
                case CHRONOLOGICAL_ASC -> time;
                case CHRONOLOGICAL_DESC -> time.reversed();
                case CAUSALITY_DEPTH_ASC -> depth.thenComparing(time);
                case CAUSALITY_DEPTH_DESC -> depth.reversed().thenComparing(time);
                case SEQUENCE -> Comparator.comparingLong(entry -> entry.event().sequence());
                case CORRELATION_ID ->
                    Comparator.<Timeline.Entry, String>comparing(
                                    entry -> entry.event().correlation().text())
                            .thenComparing(time);
            };
        }
    }

    /**
     * All entries by time.
     *
     * @return the query
     */
    public static TimelineQuery all() {
        return ALL;
    }

    /**
     * Makes a query.
     *
     * @param settings sets what is not to be as in {@link #all}
     * @return the query
     * @throws io.llmspell.core.event.EventException {@code invalid_pattern} if a type pattern is malformed
     */
    public static TimelineQuery of(Consumer<Builder> settings) {
        Builder builder = new Builder();
        settings.accept(builder);
        return new TimelineQuery(builder.copy());
    }

    SortOrder sortOrder() {
        return chosen.sortOrder;
    }

    long limit() {
        return chosen.limit;
    }

    boolean wantsRun(String correlation, int events) {
        return (chosen.correlationIds.isEmpty() || chosen.correlationIds.contains(correlation))
                && events >= chosen.minEvents
                && events <= chosen.maxEvents;
    }

    boolean wants(Timeline.Entry entry) {
        UniversalEvent event = entry.event();
        return wantsType(event.type())
                && (chosen.from == null || !event.timestamp().isBefore(chosen.from))
                && (chosen.to == null || event.timestamp().isBefore(chosen.to))
                && (chosen.components.isEmpty()
                        || chosen.components.contains(event.source().name()))
                && (chosen.languages.isEmpty() || chosen.languages.contains(event.language()))
                && (chosen.tags.isEmpty() || chosen.tags.stream().anyMatch(event.tags()::contains))
                && wantsPlace(entry);
    }

    private boolean wantsType(String type) {
        return patterns.isEmpty() || patterns.stream().anyMatch(each -> each.matches(type));
    }

    private boolean wantsPlace(Timeline.Entry entry) {
        return entry.depth() >= chosen.minDepth
                && entry.depth() <= chosen.maxDepth
                && (!chosen.rootCausesOnly || entry.depth() == 0)
                && (!chosen.leafEffectsOnly || entry.effects().isEmpty())
                && (chosen.relationships.isEmpty()
                        || entry.causes().stream().anyMatch(link -> chosen.relationships.contains(link.kind())));
    }

    /**
     * Sets the conditions of a query.
     *
     * <p><b>Threads:</b> for one thread.
     */
    public static final class Builder {
        private Set<String> correlationIds = Set.of();
        private List<String> eventTypes = List.of();
        private @Nullable Instant from;
        private @Nullable Instant to;
        private Set<String> components = Set.of();
        private Set<Language> languages = Set.of();
        private Set<String> tags = Set.of();
        private int minDepth;
        private int maxDepth = Integer.MAX_VALUE;
        private Set<LinkKind> relationships = Set.of();
        private boolean rootCausesOnly;
        private boolean leafEffectsOnly;
        private int minEvents;
        private int maxEvents = Integer.MAX_VALUE;
        private SortOrder sortOrder = SortOrder.CHRONOLOGICAL_ASC;
        private long limit = Long.MAX_VALUE;

        private Builder() {}

        private Builder copy() {
            return new Builder()
                    .correlationIds(correlationIds)
                    .eventTypes(eventTypes)
                    .timeRange(from, to)
                    .components(components)
                    .languages(languages)
                    .tags(tags)
                    .causalityDepth(minDepth, maxDepth)
                    .relationships(relationships)
                    .rootCausesOnly(rootCausesOnly)
                    .leafEffectsOnly(leafEffectsOnly)
                    .eventsPerRun(minEvents, maxEvents)
                    .sortOrder(sortOrder)
                    .limit(limit);
        }

        /**
         * The runs.
         *
         * @param runs correlation ids; empty for all
         * @return this builder
         */
        public Builder correlationIds(Set<String> runs) {
            correlationIds = Set.copyOf(runs);
            return this;
        }

        /**
         * The types.
         *
         * @param globs of which one must match; empty for all
         * @return this builder
         */
        public Builder eventTypes(List<String> globs) {
            eventTypes = List.copyOf(globs);
            return this;
        }

        /**
         * The time.
         *
         * @param first included, or null for no border
         * @param end excluded, or null for no border
         * @return this builder
         */
        public Builder timeRange(@Nullable Instant first, @Nullable Instant end) {
            from = first;
            to = end;
            return this;
        }

        /**
         * The sources.
         *
         * @param names names of components; empty for all
         * @return this builder
         */
        public Builder components(Set<String> names) {
            components = Set.copyOf(names);
            return this;
        }

        /**
         * The languages.
         *
         * @param wanted languages; empty for all
         * @return this builder
         */
        public Builder languages(Set<Language> wanted) {
            languages = Set.copyOf(wanted);
            return this;
        }

        /**
         * The tags.
         *
         * @param words of which the event must have one; empty for all events
         * @return this builder
         */
        public Builder tags(Set<String> words) {
            tags = Set.copyOf(words);
            return this;
        }

        /**
         * How long the chain of causes before an event is.
         *
         * @param least the shortest, included
         * @param most the longest, included
         * @return this builder
         */
        public Builder causalityDepth(int least, int most) {
            minDepth = least;
            maxDepth = most;
            return this;
        }

        /**
         * What an event has to do with earlier ones.
         *
         * @param kinds of which it must have one; empty for all events
         * @return this builder
         */
        public Builder relationships(Set<LinkKind> kinds) {
            relationships = Set.copyOf(kinds);
            return this;
        }

        /**
         * Only events without a cause.
         *
         * @param only whether only those
         * @return this builder
         */
        public Builder rootCausesOnly(boolean only) {
            rootCausesOnly = only;
            return this;
        }

        /**
         * Only events that caused nothing.
         *
         * @param only whether only those
         * @return this builder
         */
        public Builder leafEffectsOnly(boolean only) {
            leafEffectsOnly = only;
            return this;
        }

        /**
         * Only runs of some size.
         *
         * @param least the fewest events, included
         * @param most the most events, included
         * @return this builder
         */
        public Builder eventsPerRun(int least, int most) {
            minEvents = least;
            maxEvents = most;
            return this;
        }

        /**
         * The order.
         *
         * @param order by what entries are sorted
         * @return this builder
         */
        public Builder sortOrder(SortOrder order) {
            sortOrder = order;
            return this;
        }

        /**
         * How many entries are wanted.
         *
         * @param most the most entries
         * @return this builder
         */
        public Builder limit(long most) {
            limit = most;
            return this;
        }
    }
}
