package io.llmspell.events.correlation;

import io.llmspell.core.event.UniversalEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The events of one run and the links between them, in bounds. For one thread at a time. */
final class Run {
    private static final int MOST_LINKS = 64;

    private final int most;
    private final List<UniversalEvent> events = new ArrayList<>();
    private final Set<UUID> ids = new HashSet<>();

    /** By the later event. */
    private final Map<UUID, List<EventLink>> links = new HashMap<>();

    private long touched;
    private int first;

    Run(int most) {
        this.most = most;
    }

    /** Takes an event unless it is there. */
    boolean add(UniversalEvent event, boolean detect, Duration window, long now) {
        touched = now;
        if (!ids.add(event.id())) {
            return false;
        }
        EventLink found = detect ? LinkRules.find(recent(), event, window) : null;
        events.add(event);
        if (found != null) {
            put(found);
        }
        if (size() > most) {
            forget(events.get(first));
            first++;
            compact();
        }
        return true;
    }

    private List<UniversalEvent> recent() {
        return events.subList(first, events.size());
    }

    private void forget(UniversalEvent oldest) {
        ids.remove(oldest.id());
        links.remove(oldest.id());
    }

    /** Lets go of what is forgotten, seldom enough to cost nothing. */
    private void compact() {
        if (first > most) {
            events.subList(0, first).clear();
            first = 0;
        }
    }

    /** Keeps a link between two events that are both here; false if it cannot be kept. */
    boolean put(EventLink link) {
        if (!ids.contains(link.from()) || !ids.contains(link.to())) {
            return false;
        }
        List<EventLink> own = links.computeIfAbsent(link.from(), id -> new ArrayList<>(1));
        return own.size() < MOST_LINKS && own.add(link);
    }

    int size() {
        return events.size() - first;
    }

    long touched() {
        return touched;
    }

    List<UniversalEvent> events() {
        return List.copyOf(recent());
    }

    /** All links whose both ends are still here. */
    List<EventLink> links() {
        return recent().stream()
                .flatMap(event -> links.getOrDefault(event.id(), List.of()).stream())
                .filter(link -> ids.contains(link.to()))
                .toList();
    }
}
