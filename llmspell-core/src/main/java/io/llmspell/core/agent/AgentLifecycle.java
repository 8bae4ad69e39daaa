package io.llmspell.core.agent;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;

/**
 * The limits of an agent's life.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param maxTransitionTime how long one transition may take, and how long it may wait for the one before it
 * @param initializationTimeout how long the agent may take to be built
 * @param terminationTimeout how long its end waits for a run in progress
 * @param maxRecoveryAttempts how often it may recover without a good run between
 * @param autoRecovery whether a run of an agent in error recovers it first
 */
public record AgentLifecycle(
        Duration maxTransitionTime,
        Duration initializationTimeout,
        Duration terminationTimeout,
        int maxRecoveryAttempts,
        boolean autoRecovery) {
    /** What agents without a model get: transitions 5 s, building 30 s, end 10 s, 3 recoveries, by themselves. */
    public static final AgentLifecycle BASIC =
            new AgentLifecycle(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(10), 3, true);

    /** What agents with a model get: the same, but transitions may take 30 s. */
    public static final AgentLifecycle LLM =
            new AgentLifecycle(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(10), 3, true);

    /**
     * Checks the limits.
     *
     * @param maxTransitionTime how long one transition may take
     * @param initializationTimeout how long the agent may take to be built
     * @param terminationTimeout how long its end waits for a run
     * @param maxRecoveryAttempts how often it may recover
     * @param autoRecovery whether a run recovers it first
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public AgentLifecycle {
        positive("max_transition_time", maxTransitionTime);
        positive("initialization_timeout", initializationTimeout);
        positive("termination_timeout", terminationTimeout);
        if (maxRecoveryAttempts < 0) {
            throw new ArgumentException("max_recovery_attempts", String.valueOf(maxRecoveryAttempts), "0 or more");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new ArgumentException(name, value.toString(), "more than 0");
        }
    }

    /**
     * A copy with another limit of transitions.
     *
     * @param time how long one transition may take
     * @return the copy
     */
    public AgentLifecycle withMaxTransitionTime(Duration time) {
        return new AgentLifecycle(time, initializationTimeout, terminationTimeout, maxRecoveryAttempts, autoRecovery);
    }

    /**
     * A copy with another time to be built.
     *
     * @param time how long the agent may take to be built
     * @return the copy
     */
    public AgentLifecycle withInitializationTimeout(Duration time) {
        return new AgentLifecycle(maxTransitionTime, time, terminationTimeout, maxRecoveryAttempts, autoRecovery);
    }

    /**
     * A copy with another time to end.
     *
     * @param time how long the end waits for a run in progress
     * @return the copy
     */
    public AgentLifecycle withTerminationTimeout(Duration time) {
        return new AgentLifecycle(maxTransitionTime, initializationTimeout, time, maxRecoveryAttempts, autoRecovery);
    }

    /**
     * A copy with another way to recover.
     *
     * @param attempts how often the agent may recover without a good run between
     * @param automatic whether a run of an agent in error recovers it first
     * @return the copy
     */
    public AgentLifecycle withRecovery(int attempts, boolean automatic) {
        return new AgentLifecycle(maxTransitionTime, initializationTimeout, terminationTimeout, attempts, automatic);
    }
}
