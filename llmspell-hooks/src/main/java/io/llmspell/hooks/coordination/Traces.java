package io.llmspell.hooks.coordination;

import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.time.TimeSource;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The traces, a bounded number of them with a bounded number of events each; all under one lock, without foreign code. */
final class Traces {
    private final Object lock = new Object();

    /** The one whose last event is oldest comes first. */
    private final Map<CorrelationId, Lines> byRun = new LinkedHashMap<>();

    private final CoordinatorSettings settings;
    private final TimeSource time;

    Traces(CoordinatorSettings settings, TimeSource time) {
        this.settings = settings;
        this.time = time;
    }

    /** The events of one run. */
    private static final class Lines {
        final ArrayDeque<Trace.Event> events = new ArrayDeque<>();
        long dropped;
        long lastNanos;
    }

    void note(CorrelationId run, Trace.Event event) {
        long now = time.nanos();
        synchronized (lock) {
            Lines present = byRun.remove(run);
            Lines lines = present == null ? new Lines() : present;
            byRun.put(run, lines); // at the end
            if (lines.events.size() == settings.maxTraceEvents()) {
                lines.events.removeFirst();
                lines.dropped++;
            }
            lines.events.addLast(event);
            lines.lastNanos = now;
            forget(now);
        }
    }

    private void forget(long now) {
        long kept = settings.traceRetention().toNanos();
        for (Iterator<Lines> each = byRun.values().iterator(); each.hasNext(); ) {
            boolean old = now - each.next().lastNanos > kept;
            if (!old && byRun.size() <= settings.maxTraces()) {
                return;
            }
            each.remove();
        }
    }

    Optional<Trace> of(CorrelationId run) {
        long now = time.nanos();
        synchronized (lock) {
            forget(now);
            Lines lines = byRun.get(run);
            return lines == null
                    ? Optional.empty()
                    : Optional.of(new Trace(run, List.copyOf(lines.events), lines.dropped));
        }
    }

    int size() {
        synchronized (lock) {
            return byRun.size();
        }
    }
}
