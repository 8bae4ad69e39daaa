package io.llmspell.hooks.builtin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * What passed one point: how often, with what success, how long it took.
 *
 * <p>Operations write to adders and to the recorder, which takes no lock; readers take over what was recorded since the
 * last reading into {@code total}, under its monitor. <b>Threads:</b> safe.
 */
final class PointFigures {
    /** One hour; longer durations count as that. */
    private static final long LONGEST_NANOS = 3_600_000_000_000L;

    /** Two digits, so that a percentile is right within one per cent. */
    private static final int DIGITS = 2;

    private static final double RATE_SCALE = 10_000.0;

    private final LongAdder executions = new LongAdder();
    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final Buckets buckets = new Buckets();
    private final Recorder recorder = new Recorder(LONGEST_NANOS, DIGITS);

    /** Guarded by its own monitor. */
    private final Histogram total = new Histogram(LONGEST_NANOS, DIGITS);

    void passed() {
        executions.increment();
    }

    void ended(boolean success, long duration) {
        (success ? successes : failures).increment();
        nanos.add(duration);
        buckets.add(duration);
        recorder.recordValue(Math.max(0, Math.min(duration, LONGEST_NANOS)));
    }

    long executions() {
        return executions.sum();
    }

    /** Successes by ended operations, with four digits; null before the first has ended. */
    @Nullable Double successRate() {
        long good = successes.sum();
        long all = good + failures.sum();
        return all == 0 ? null : Math.round(good * RATE_SCALE / all) / RATE_SCALE;
    }

    /** Mean and percentiles in milliseconds; null before the first has ended. */
    @Nullable Map<String, @Nullable Object> durations() {
        synchronized (total) {
            total.add(recorder.getIntervalHistogram());
            if (total.getTotalCount() == 0) {
                return null;
            }
            Map<String, @Nullable Object> stats = new LinkedHashMap<>();
            stats.put("mean", Millis.of((double) nanos.sum() / (successes.sum() + failures.sum())));
            stats.put("p50", Millis.of((double) total.getValueAtPercentile(50)));
            stats.put("p95", Millis.of((double) total.getValueAtPercentile(95)));
            stats.put("p99", Millis.of((double) total.getValueAtPercentile(99)));
            return stats;
        }
    }

    Map<String, @Nullable Object> buckets() {
        return buckets.cumulative();
    }
}
