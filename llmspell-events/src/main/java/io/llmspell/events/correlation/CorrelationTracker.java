package io.llmspell.events.correlation;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.time.TimeSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Remembers the newest events of many runs and how they are linked.
 *
 * <p>A link goes from the later event to the earlier one. Memory is bounded by the settings: runs and events go when they
 * are too many or too old. <b>Threads:</b> safe.
 */
public final class CorrelationTracker {
    private final CorrelationSettings settings;
    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();

    /** The run without new events for longest comes first; guarded by {@code lock}, as the counters. */
    private final LinkedHashMap<CorrelationId, Run> runs = new LinkedHashMap<>();

    private long tracked;
    private long forgottenRuns;

    /**
     * What a tracker holds.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param runs how many runs
     * @param events how many events of them
     * @param tracked how many events it was ever given
     * @param forgottenRuns how many runs went because they were too many or too old
     */
    public record Stats(long runs, long events, long tracked, long forgottenRuns) {}

    /**
     * A tracker without events.
     *
     * @param settings how much it remembers
     * @param time tells the age of runs
     */
    public CorrelationTracker(CorrelationSettings settings, TimeSource time) {
        this.settings = settings;
        this.time = time;
    }

    /**
     * Takes an event and links it to one of the last of its run, if one of the rules fits: its cause, what it ends, what
     * it answers, what happened elsewhere at once, what it follows. An event that is there already changes nothing.
     *
     * @param event the event
     */
    public void track(UniversalEvent event) {
        long now = time.nanos();
        lock.lock();
        try {
            Run known = runs.remove(event.correlation());
            Run run = known == null ? new Run(settings.maxEventsPerCorrelation()) : known;
            runs.put(event.correlation(), run); // behind all others
            if (run.add(event, settings.autoLinkDetection(), settings.linkDetectionWindow(), now)) {
                tracked++;
            }
            forgetOld(now);
        } finally {
            lock.unlock();
        }
    }

    private void forgetOld(long now) {
        Iterator<Run> oldest = runs.values().iterator();
        while (oldest.hasNext()) {
            boolean old =
                    now - oldest.next().touched() > settings.maxCorrelationAge().toNanos();
            if (!old && runs.size() <= settings.maxTotalCorrelations()) {
                return;
            }
            oldest.remove();
            forgottenRuns++;
        }
    }

    /**
     * Adds a link that somebody knows of.
     *
     * @param run the run of both events
     * @param link the link
     * @return whether it is kept: both events are remembered, and the later one has fewer than 64 links
     */
    public boolean link(CorrelationId run, EventLink link) {
        lock.lock();
        try {
            Run known = runs.get(run);
            return known != null && known.put(link);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The remembered events of a run.
     *
     * @param run the run
     * @return the events in the order in which they came, empty for an unknown run
     */
    public List<UniversalEvent> events(CorrelationId run) {
        lock.lock();
        try {
            Run known = runs.get(run);
            return known == null ? List.of() : known.events();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The links between the remembered events of a run.
     *
     * @param run the run
     * @return the links, by their later event; empty for an unknown run
     */
    public List<EventLink> links(CorrelationId run) {
        lock.lock();
        try {
            Run known = runs.get(run);
            return known == null ? List.of() : known.links();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is held now.
     *
     * @return a snapshot
     */
    public Stats stats() {
        lock.lock();
        try {
            long events = 0;
            for (Map.Entry<CorrelationId, Run> each : runs.entrySet()) {
                events += each.getValue().size();
            }
            return new Stats(runs.size(), events, tracked, forgottenRuns);
        } finally {
            lock.unlock();
        }
    }
}
