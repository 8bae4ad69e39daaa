package io.llmspell.hooks.distributed;

import io.llmspell.core.hook.HookSnapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A hook context on its way to another process, or the answer to one.
 *
 * <p>All of it is data that another process says; who may do what follows from none of it. On the way it is signed as a
 * whole. <b>Threads:</b> immutable.
 *
 * @param context what the hooks of the sender saw
 * @param source who sends it
 * @param audience the agent that it is for
 * @param propagation where it goes
 * @param security how it may be used
 * @param networkCorrelationId the same on all its hops and in the answers
 * @param traceparent the W3C trace context, if there is one
 * @param inReplyTo the nonce of the context that it answers, null if it is none
 * @param remoteResults what other processes have decided; copied
 * @param metadata texts for the receivers, at most 64 of at most 1 KiB; copied
 */
public record DistributedHookContext(
        HookSnapshot context,
        Source source,
        String audience,
        Propagation propagation,
        Security security,
        String networkCorrelationId,
        @Nullable String traceparent,
        @Nullable String inReplyTo,
        List<RemoteResult> remoteResults,
        Map<String, String> metadata) {
    /** The entry of an allow-list that means everything. */
    public static final String ALL = "*";

    /**
     * Copies the collections.
     *
     * @param context what the hooks of the sender saw
     * @param source who sends it
     * @param audience the agent that it is for
     * @param propagation where it goes
     * @param security how it may be used
     * @param networkCorrelationId the same on all its hops
     * @param traceparent the W3C trace context or null
     * @param inReplyTo the nonce of the context that it answers, or null
     * @param remoteResults what other processes have decided
     * @param metadata texts for the receivers
     */
    public DistributedHookContext {
        remoteResults = List.copyOf(remoteResults);
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /**
     * Who sends a context, in its own words; only the agent is vouched for, by the key.
     *
     * @param nodeId the process
     * @param agentId the agent
     * @param address its address, if it says one
     * @param capabilities what it can do; copied
     */
    public record Source(
            String nodeId, String agentId, @Nullable String address, Set<String> capabilities) {
        /**
         * Copies the capabilities.
         *
         * @param nodeId the process
         * @param agentId the agent
         * @param address its address or null
         * @param capabilities what it can do
         */
        public Source {
            capabilities = Set.copyOf(capabilities);
        }
    }

    /**
     * How a context may be used. The lists restrict what the receiver's own policy allows; an empty one allows nothing,
     * {@code *} all.
     *
     * @param allowedPoints where hooks may run on it; copied
     * @param trustedAgents the agents that may receive it; copied
     * @param allowedIps the addresses or networks that it may be sent to; copied
     * @param expiresAt when it is worth nothing any more
     * @param nonce unlike that of any other context
     */
    public record Security(
            Set<String> allowedPoints,
            Set<String> trustedAgents,
            Set<String> allowedIps,
            Instant expiresAt,
            String nonce) {
        /**
         * Copies the lists.
         *
         * @param allowedPoints where hooks may run on it
         * @param trustedAgents the agents that may receive it
         * @param allowedIps where it may be sent to
         * @param expiresAt when it is worth nothing any more
         * @param nonce unlike that of any other context
         */
        public Security {
            allowedPoints = Set.copyOf(allowedPoints);
            trustedAgents = Set.copyOf(trustedAgents);
            allowedIps = Set.copyOf(allowedIps);
        }
    }
}
