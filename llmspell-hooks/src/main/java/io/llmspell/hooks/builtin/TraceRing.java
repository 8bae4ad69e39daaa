package io.llmspell.hooks.builtin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest traces, and the figures of all.
 *
 * <p>Everything is guarded by the monitor of the ring, which is held for a few steps only. The durations describe the
 * traces that are kept; the counts describe all that ever were. <b>Threads:</b> safe.
 */
final class TraceRing {
    private static final int MOST_TYPES = 1_000;

    private final Deque<DebugTrace> traces = new ArrayDeque<>();
    private final Map<String, Long> byPoint = new TreeMap<>();
    private final Map<String, Long> byType = new TreeMap<>();
    private int limit;
    private long total;

    TraceRing(int limit) {
        this.limit = limit;
    }

    /** Sets how many traces are kept from now on. */
    synchronized void limit(int most) {
        limit = most;
        trim();
    }

    /** Called under the monitor. */
    private void trim() {
        while (traces.size() > limit) {
            traces.removeFirst();
        }
    }

    synchronized void add(DebugTrace trace) {
        traces.addLast(trace);
        trim();
        total++;
        byPoint.merge(trace.point().name(), 1L, Long::sum);
        String component = trace.component();
        int slash = component.indexOf('/');
        String type = slash < 0 ? component : component.substring(0, slash);
        // types of components come from outside
        boolean room = byType.size() < MOST_TYPES || byType.containsKey(type);
        byType.merge(room ? type : "other", 1L, Long::sum);
    }

    synchronized List<DebugTrace> traces() {
        return List.copyOf(traces);
    }

    synchronized void clear() {
        traces.clear();
    }

    Map<String, @Nullable Object> statistics() {
        List<Long> nanos = new ArrayList<>();
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        synchronized (this) {
            all.put("total_traces", total);
            all.put("by_hook_point", Map.copyOf(byPoint));
            all.put("by_component_type", Map.copyOf(byType));
            traces.forEach(trace -> nanos.add(trace.duration().toNanos()));
        }
        all.put("duration_stats", durations(nanos));
        return all;
    }

    private static Map<String, @Nullable Object> durations(List<Long> nanos) {
        Map<String, @Nullable Object> stats = new LinkedHashMap<>();
        if (nanos.isEmpty()) {
            return stats;
        }
        Collections.sort(nanos);
        int middle = nanos.size() / 2;
        double median = nanos.size() % 2 == 1 ? nanos.get(middle) : (nanos.get(middle - 1) + nanos.get(middle)) / 2.0;
        stats.put(
                "mean",
                Millis.of(nanos.stream().mapToLong(Long::longValue).average().orElse(0)));
        stats.put("median", Millis.of(median));
        stats.put("min", Millis.of(nanos.get(0)));
        stats.put("max", Millis.of(nanos.get(nanos.size() - 1)));
        return stats;
    }
}
