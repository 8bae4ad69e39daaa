package io.llmspell.hooks.builtin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Series of figures by name, never more than a limit, because names of components come from outside.
 *
 * <p>A place is taken before a series is added and given back if another thread was first, so the limit holds at every
 * moment. <b>Threads:</b> safe.
 */
final class Series {
    private final int limit;
    private final Map<Key, Figures> byKey = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    Series(int limit) {
        this.limit = limit;
    }

    /**
     * The name of a series.
     *
     * @param metric what is measured
     * @param place the hook point
     * @param subject the component or hook
     */
    record Key(String metric, String place, String subject) {}

    /** The figures of one series. */
    static final class Figures {
        private final LongAdder count = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        void add(boolean success, long duration) {
            count.increment();
            nanos.add(duration);
            if (!success) {
                failures.increment();
            }
        }

        Map<String, @Nullable Object> values() {
            long all = count.sum();
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("count", all);
            values.put("failures", failures.sum());
            values.put("mean", all == 0 ? null : Millis.of((double) nanos.sum() / all));
            return values;
        }
    }

    /** The figures under a key, made if there is room; null if there is none. */
    @Nullable Figures find(Key key) {
        Figures present = byKey.get(key);
        if (present != null) {
            return present;
        }
        if (taken.incrementAndGet() > limit) {
            taken.decrementAndGet();
            refused.increment();
            return null;
        }
        Figures fresh = new Figures();
        Figures earlier = byKey.putIfAbsent(key, fresh);
        if (earlier != null) {
            taken.decrementAndGet();
            return earlier;
        }
        return fresh;
    }

    int size() {
        return byKey.size();
    }

    /** How many measurements found no room. */
    long refused() {
        return refused.sum();
    }

    /** The figures of a metric, by {@code SUBJECT@PLACE}. */
    Map<String, @Nullable Object> of(String metric) {
        Map<String, @Nullable Object> found = new LinkedHashMap<>();
        byKey.forEach((key, figures) -> {
            if (key.metric.equals(metric)) {
                found.put(key.subject + "@" + key.place, figures.values());
            }
        });
        return found;
    }
}
