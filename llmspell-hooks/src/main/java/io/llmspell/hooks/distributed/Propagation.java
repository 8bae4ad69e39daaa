package io.llmspell.hooks.distributed;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;
import java.util.Set;

/**
 * Where a context goes, and whether somebody waits for what comes back.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param broadcast whether it goes to every peer
 * @param targetAgents the agents that it goes to if it is no broadcast; copied
 * @param maxHops how often it may be handed on in all, 1 to 16
 * @param hops how often it has been handed on
 * @param awaitRemote whether the operation waits for the decisions of the others and obeys them
 * @param remoteTimeout how long it waits at most, 1 ms to 5 minutes
 * @param continueOnFailure whether a peer that cannot be reached, refuses or fails is passed over
 * @param priority how urgent it is for the transport
 */
public record Propagation(
        boolean broadcast,
        Set<String> targetAgents,
        int maxHops,
        int hops,
        boolean awaitRemote,
        Duration remoteTimeout,
        boolean continueOnFailure,
        NetworkPriority priority) {
    static final int MOST_HOPS = 16;
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_TARGETS = 256;

    /**
     * Checks and copies the members.
     *
     * @param broadcast whether it goes to every peer
     * @param targetAgents the agents that it goes to
     * @param maxHops how often it may be handed on
     * @param hops how often it has been handed on
     * @param awaitRemote whether the operation waits
     * @param remoteTimeout how long it waits
     * @param continueOnFailure whether a failure is passed over
     * @param priority how urgent it is
     * @throws ArgumentException {@code invalid_argument} if a member is out of range
     */
    public Propagation {
        if (maxHops < 1 || maxHops > MOST_HOPS) {
            throw new ArgumentException("max_hops", String.valueOf(maxHops), "1 to " + MOST_HOPS);
        }
        if (hops < 0 || hops > MOST_HOPS) {
            throw new ArgumentException("hops", String.valueOf(hops), "0 to " + MOST_HOPS);
        }
        if (remoteTimeout.compareTo(Duration.ofMillis(1)) < 0 || remoteTimeout.compareTo(LONGEST) > 0) {
            throw new ArgumentException("remote_timeout", remoteTimeout.toString(), "1 ms to 5 minutes");
        }
        if (targetAgents.size() > MOST_TARGETS) {
            throw new ArgumentException(
                    "target_agents", String.valueOf(targetAgents.size()), "at most " + MOST_TARGETS);
        }
        targetAgents = Set.copyOf(targetAgents);
    }

    /**
     * To some agents, over at most 3 hops, without waiting.
     *
     * @param agents the agents
     * @return the propagation
     */
    public static Propagation to(String... agents) {
        return new Propagation(
                false, Set.of(agents), 3, 0, false, Duration.ofSeconds(30), true, NetworkPriority.NORMAL);
    }

    /**
     * To every peer, over at most 3 hops, without waiting.
     *
     * @return the propagation
     */
    public static Propagation toAll() {
        return new Propagation(true, Set.of(), 3, 0, false, Duration.ofSeconds(30), true, NetworkPriority.NORMAL);
    }

    /**
     * A copy whose sender waits for the decisions of the others.
     *
     * @param most how long at most, 1 ms to 5 minutes
     * @return the copy
     */
    public Propagation awaiting(Duration most) {
        return new Propagation(broadcast, targetAgents, maxHops, hops, true, most, continueOnFailure, priority);
    }

    /**
     * A copy that fails if a peer cannot be reached, refuses or fails.
     *
     * @return the copy
     */
    public Propagation failing() {
        return new Propagation(broadcast, targetAgents, maxHops, hops, awaitRemote, remoteTimeout, false, priority);
    }

    /**
     * A copy with another number of hops in all.
     *
     * @param most 1 to 16
     * @return the copy
     */
    public Propagation within(int most) {
        return new Propagation(
                broadcast, targetAgents, most, hops, awaitRemote, remoteTimeout, continueOnFailure, priority);
    }

    /**
     * A copy of another urgency.
     *
     * @param urgency how urgent it is for the transport
     * @return the copy
     */
    public Propagation urgent(NetworkPriority urgency) {
        return new Propagation(
                broadcast, targetAgents, maxHops, hops, awaitRemote, remoteTimeout, continueOnFailure, urgency);
    }

    /**
     * Whether the context goes on from here.
     *
     * @return true if hops are left and there is somebody to go to
     */
    public boolean goesOn() {
        return hops < maxHops && (broadcast || !targetAgents.isEmpty());
    }

    /** A copy that has been handed on once more. */
    Propagation hop() {
        return new Propagation(
                broadcast, targetAgents, maxHops, hops + 1, awaitRemote, remoteTimeout, continueOnFailure, priority);
    }
}
