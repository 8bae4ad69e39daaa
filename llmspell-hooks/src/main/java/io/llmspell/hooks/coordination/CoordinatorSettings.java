package io.llmspell.hooks.coordination;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;

/**
 * The limits of a {@link Coordinator}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param maxComponentExecutionTime how long one step may run, more than 0
 * @param maxChainExecutionTime how long a chain may take in all, more than 0
 * @param maxActiveChains how many chains run at once, 1 or more
 * @param maxTraces how many traces are kept, 1 or more; the one whose last event is oldest goes first
 * @param maxTraceEvents how many events a trace keeps, 1 or more; the oldest go first
 * @param traceRetention how long after its last event a trace is kept, more than 0
 */
public record CoordinatorSettings(
        Duration maxComponentExecutionTime,
        Duration maxChainExecutionTime,
        int maxActiveChains,
        int maxTraces,
        int maxTraceEvents,
        Duration traceRetention) {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** 30 s a step, 300 s a chain, 100 chains; 10,000 traces of 1,000 events for 24 hours. */
    public static final CoordinatorSettings DEFAULT = new CoordinatorSettings(
            Duration.ofSeconds(30), Duration.ofSeconds(300), 100, 10_000, 1_000, Duration.ofHours(24));

    /**
     * Checks the members.
     *
     * @param maxComponentExecutionTime how long one step may run
     * @param maxChainExecutionTime how long a chain may take
     * @param maxActiveChains how many chains run at once
     * @param maxTraces how many traces are kept
     * @param maxTraceEvents how many events a trace keeps
     * @param traceRetention how long a trace is kept
     * @throws ArgumentException {@code invalid_argument} if one is not positive
     */
    public CoordinatorSettings {
        positive("max_component_execution_time", maxComponentExecutionTime);
        positive("max_chain_execution_time", maxChainExecutionTime);
        positive("max_active_chains", maxActiveChains);
        positive("max_traces", maxTraces);
        positive("max_trace_events", maxTraceEvents);
        positive("trace_retention", traceRetention);
    }

    private static void positive(String what, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new ArgumentException("coordinator." + what, value.toString(), "more than 0, at most 36500 days");
        }
    }

    private static void positive(String what, int value) {
        if (value < 1) {
            throw new ArgumentException("coordinator." + what, String.valueOf(value), "1 or more");
        }
    }
}
