package io.llmspell.events.correlation;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.CorrelationId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts one timeline together. For one thread. */
final class TimelineBuilder {
    private static final int MOST_CONCURRENT = 100;
    private static final int MOST_CHAINS = 1_000;

    private final TimelineSettings settings;
    private final int runs;
    private final int left;

    /** In the order in which they happened. */
    private final Map<UUID, UniversalEvent> events = new LinkedHashMap<>();

    private final Map<UUID, List<EventLink>> causes = new HashMap<>();
    private final Map<UUID, List<UUID>> effects = new HashMap<>();
    private final Map<UUID, Integer> depths = new HashMap<>();
    private final Map<UUID, List<UUID>> concurrent = new HashMap<>();
    private final Map<LinkKind, Integer> kinds = new EnumMap<>(LinkKind.class);

    TimelineBuilder(
            TimelineSettings settings,
            Map<CorrelationId, List<UniversalEvent>> runs,
            Collection<EventLink> links,
            int left) {
        this.settings = settings;
        this.runs = runs.size();
        this.left = left;
        runs.values().forEach(run -> run.forEach(event -> events.put(event.id(), event)));
        links.stream().filter(settings::counts).forEach(this::link);
        events.keySet().forEach(this::measure);
        findConcurrent();
    }

    private void link(EventLink link) {
        causes.computeIfAbsent(link.from(), id -> new ArrayList<>()).add(link);
        kinds.merge(link.kind(), 1, Integer::sum);
        if (link.kind().causal()) {
            effects.computeIfAbsent(link.to(), id -> new ArrayList<>()).add(link.from());
        }
    }

    /** One more than the deepest cause, which was measured before, because it happened before. */
    private void measure(UUID id) {
        int depth = 0;
        for (EventLink link : causes.getOrDefault(id, List.of())) {
            Integer before = depths.get(link.to());
            if (link.kind().causal() && before != null) {
                depth = Math.max(depth, before + 1);
            }
        }
        depths.put(id, Math.min(depth, settings.maxCausalityDepth()));
    }

    private void findConcurrent() {
        List<UniversalEvent> byTime = new ArrayList<>(events.values());
        byTime.sort(Comparator.comparing(UniversalEvent::timestamp));
        for (int i = 0; i < byTime.size(); i++) {
            UniversalEvent first = byTime.get(i);
            Instant end = first.timestamp().plus(settings.concurrencyWindow());
            for (int k = i + 1;
                    k < byTime.size() && !byTime.get(k).timestamp().isAfter(end) && k - i <= MOST_CONCURRENT;
                    k++) {
                meet(first, byTime.get(k));
            }
        }
    }

    private void meet(UniversalEvent one, UniversalEvent other) {
        if (!one.source().id().equals(other.source().id())) {
            note(one.id(), other.id());
            note(other.id(), one.id());
        }
    }

    private void note(UUID at, UUID other) {
        List<UUID> known = concurrent.computeIfAbsent(at, id -> new ArrayList<>());
        if (known.size() < MOST_CONCURRENT) {
            known.add(other);
        }
    }

    Timeline build(TimelineQuery query) {
        Instant first = events.values().stream()
                .map(UniversalEvent::timestamp)
                .min(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        List<Timeline.Entry> sorted = events.values().stream()
                .map(event -> entry(event, first))
                .filter(query::wants)
                .sorted(query.sortOrder().comparator())
                .limit(query.limit())
                .toList();
        List<Timeline.Entry> entries = new ArrayList<>();
        for (Timeline.Entry each : sorted) {
            entries.add(each.at(entries.size() + 1));
        }
        return new Timeline(entries, chains(), stats(first));
    }

    private Timeline.Entry entry(UniversalEvent event, Instant first) {
        UUID id = event.id();
        return new Timeline.Entry(
                event,
                0,
                Duration.between(first, event.timestamp()),
                depths.getOrDefault(id, 0),
                causes.getOrDefault(id, List.of()),
                effects.getOrDefault(id, List.of()),
                concurrent.getOrDefault(id, List.of()));
    }

    /** From every last effect back to its first cause. */
    private List<List<UUID>> chains() {
        List<List<UUID>> chains = new ArrayList<>();
        for (UUID id : events.keySet()) {
            if (!effects.containsKey(id) && depths.getOrDefault(id, 0) > 0 && chains.size() < MOST_CHAINS) {
                chains.add(chain(id));
            }
        }
        return chains;
    }

    private List<UUID> chain(UUID last) {
        List<UUID> chain = new ArrayList<>();
        Set<UUID> seen = new HashSet<>();
        for (UUID at = last; at != null && seen.add(at) && chain.size() <= settings.maxCausalityDepth(); ) {
            chain.add(at);
            at = cause(at);
        }
        Collections.reverse(chain);
        return chain;
    }

    /** The cause with the longest chain before it. */
    private @Nullable UUID cause(UUID id) {
        UUID deepest = null;
        for (EventLink link : causes.getOrDefault(id, List.of())) {
            boolean deeper = deepest == null || depth(link.to()) > depth(deepest);
            if (link.kind().causal() && depths.containsKey(link.to()) && deeper) {
                deepest = link.to();
            }
        }
        return deepest;
    }

    private int depth(UUID id) {
        return depths.getOrDefault(id, 0);
    }

    private Timeline.Stats stats(Instant first) {
        Instant last = events.values().stream()
                .map(UniversalEvent::timestamp)
                .max(Comparator.naturalOrder())
                .orElse(first);
        Set<String> components =
                events.values().stream().map(event -> event.source().toString()).collect(Collectors.toSet());
        int deepest = depths.values().stream().mapToInt(depth -> depth).max().orElse(0);
        return new Timeline.Stats(
                events.size(), left, runs, components.size(), Duration.between(first, last), deepest, kinds);
    }
}
