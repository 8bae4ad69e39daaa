package io.llmspell.hooks.distributed;

import java.util.Set;

/**
 * What a process takes from others. An empty list allows nothing, {@code *} all.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param allowedPoints where hooks run for others; copied
 * @param trustedAgents the agents whose contexts are taken; copied
 * @param allowedIps the addresses or networks, such as {@code 10.0.0.0/8}, from which contexts are taken; what a
 *     transport without addresses brings is taken only if all are allowed; copied
 */
public record PeerPolicy(Set<String> allowedPoints, Set<String> trustedAgents, Set<String> allowedIps) {
    /** Nothing from nobody. */
    public static final PeerPolicy NOTHING = new PeerPolicy(Set.of(), Set.of(), Set.of());

    /**
     * Copies and checks the lists.
     *
     * @param allowedPoints where hooks run for others
     * @param trustedAgents the agents whose contexts are taken
     * @param allowedIps from where contexts are taken
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if an entry is no address or network
     */
    public PeerPolicy {
        allowedPoints = Set.copyOf(allowedPoints);
        trustedAgents = Set.copyOf(trustedAgents);
        allowedIps = Set.copyOf(allowedIps);
        allowedIps.forEach(AllowList::checkAddress);
    }
}
