package io.llmspell.hooks;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;

/** How long executions took, to two digits; for one thread at a time. */
final class Times {
    static final int DIGITS = 2;

    /** So many fit a counter of the histogram; what comes then would only repeat its shape. */
    private static final int MOST = Integer.MAX_VALUE;

    private static final long LONGEST_NANOS = 24L * 3600 * 1_000_000_000;

    private final IntCountsHistogram histogram = new IntCountsHistogram(DIGITS);
    private int recorded;

    void record(long nanos) {
        if (recorded < MOST) {
            recorded++;
            histogram.recordValue(Math.min(nanos, LONGEST_NANOS));
        }
    }

    void addTo(Histogram sum) {
        if (recorded > 0) {
            sum.add(histogram);
        }
    }

    void clear() {
        recorded = 0;
        histogram.reset();
    }
}
