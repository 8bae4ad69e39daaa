package io.llmspell.core.hook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one hook, or of all hooks of one name, over the last retention period.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param count how often it ran, failures included
 * @param failures how often it failed: exception, error, overrun or a result that could not act
 * @param skipped how often it said that it does not apply
 * @param notStarted how often it could not start, such as with an open breaker
 * @param total the time it took in all
 * @param min the shortest execution, zero without one
 * @param max the longest execution
 * @param mean the average execution
 * @param p50 the median
 * @param p95 the 95th percentile
 * @param p99 the 99th percentile
 * @param lastError the text of the last failure, or null
 * @param breaker the state of its breaker; of several, the worst
 * @param overheadPercent its time as percentage of the time of the operations that it ran in
 */
public record HookMetrics(
        long count,
        long failures,
        long skipped,
        long notStarted,
        Duration total,
        Duration min,
        Duration max,
        Duration mean,
        Duration p50,
        Duration p95,
        Duration p99,
        @Nullable String lastError,
        BreakerState breaker,
        double overheadPercent) {}
