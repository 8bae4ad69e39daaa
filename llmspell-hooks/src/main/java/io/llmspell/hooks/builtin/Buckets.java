package io.llmspell.hooks.builtin;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts durations by the fixed borders of all duration metrics.
 *
 * <p><b>Threads:</b> safe.
 */
final class Buckets {
    /** The upper borders, each included, without the last bucket, which has none. */
    static final List<Duration> BORDERS = List.of(
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));

    private final AtomicLongArray counts = new AtomicLongArray(BORDERS.size() + 1);

    void add(long nanos) {
        int bucket = 0;
        while (bucket < BORDERS.size() && nanos > BORDERS.get(bucket).toNanos()) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
    }

    /** How many were at most as long, by the border in seconds as text; {@code +Inf} for all. */
    Map<String, @Nullable Object> cumulative() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        long sum = 0;
        for (int i = 0; i < BORDERS.size(); i++) {
            sum += counts.get(i);
            all.put(seconds(BORDERS.get(i)), sum);
        }
        all.put("+Inf", sum + counts.get(BORDERS.size()));
        return all;
    }

    private static String seconds(Duration border) {
        return BigDecimal.valueOf(border.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
