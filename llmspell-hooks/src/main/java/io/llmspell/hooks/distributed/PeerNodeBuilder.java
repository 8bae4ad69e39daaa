package io.llmspell.hooks.distributed;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.time.TimeSource;
import io.llmspell.hooks.Hooks;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link PeerNode}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class PeerNodeBuilder {
    private static final int LONGEST = 128;

    final Hooks hooks;
    final TimeSource time;
    final PeerKey own;
    final List<PeerKey> keys = new ArrayList<>();
    DistributedHookContext.Source source;
    PeerPolicy policy = PeerPolicy.NOTHING;
    Principal principal = new Principal.RuntimePart("peer");
    SecureRandom random = new SecureRandom();
    JsonCodec json = JsonCodec.create();

    @Nullable AuditLog audit;

    @Nullable Notices notices;

    PeerNodeBuilder(Hooks hooks, TimeSource time, String agentId, PeerKey own) {
        this.hooks = Objects.requireNonNull(hooks, "hooks");
        this.time = Objects.requireNonNull(time, "time");
        this.own = Objects.requireNonNull(own, "key");
        checkName("agent id", agentId);
        if (!own.heldBy(agentId)) {
            throw new ArgumentException("key \"" + own.id() + "\"", "not held by " + agentId, "held by this agent");
        }
        this.source = new DistributedHookContext.Source(agentId, agentId, null, Set.of());
    }

    private static void checkName(String what, String name) {
        if (name.isBlank() || name.length() > LONGEST || name.equals(DistributedHookContext.ALL)) {
            throw new ArgumentException(what, name, "1 to " + LONGEST + " characters and not *");
        }
    }

    /**
     * Sets how this process calls itself.
     *
     * @param nodeId 1 to 128 characters; default: the agent id
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is blank, too long or {@code *}
     */
    public PeerNodeBuilder nodeId(String nodeId) {
        checkName("node id", nodeId);
        source = new DistributedHookContext.Source(nodeId, source.agentId(), source.address(), source.capabilities());
        return this;
    }

    /**
     * Sets the address of this process.
     *
     * @param address an IP address; default none, and then only contexts that may go to any address are taken
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is no address
     */
    public PeerNodeBuilder address(String address) {
        if (address.equals(DistributedHookContext.ALL) || address.indexOf('/') >= 0) {
            throw new ArgumentException("address", address, "an IP address");
        }
        AllowList.checkAddress(address);
        source = new DistributedHookContext.Source(source.nodeId(), source.agentId(), address, source.capabilities());
        return this;
    }

    /**
     * Sets what others are told that this process can do.
     *
     * @param words the capabilities; default none
     * @return this builder
     */
    public PeerNodeBuilder capabilities(String... words) {
        source = new DistributedHookContext.Source(source.nodeId(), source.agentId(), source.address(), Set.of(words));
        return this;
    }

    /**
     * Adds a key that others may sign with; that of this process is known.
     *
     * @param key the key
     * @return this builder
     */
    public PeerNodeBuilder key(PeerKey key) {
        keys.add(Objects.requireNonNull(key, "key"));
        return this;
    }

    /**
     * Sets what is taken from others.
     *
     * @param chosen the policy; default {@link PeerPolicy#NOTHING}
     * @return this builder
     */
    public PeerNodeBuilder policy(PeerPolicy chosen) {
        this.policy = Objects.requireNonNull(chosen, "policy");
        return this;
    }

    /**
     * Sets with whose rights hooks run for others.
     *
     * @param chosen the principal; default {@code runtime:peer}
     * @return this builder
     */
    public PeerNodeBuilder principal(Principal chosen) {
        this.principal = Objects.requireNonNull(chosen, "principal");
        return this;
    }

    /**
     * Sets where refused contexts are recorded.
     *
     * @param log the audit log; default none
     * @return this builder
     */
    public PeerNodeBuilder audit(AuditLog log) {
        this.audit = Objects.requireNonNull(log, "audit");
        return this;
    }

    /**
     * Sets who tells of refused contexts, as violations.
     *
     * @param teller the notices, which pass {@code SecurityViolation}; default none
     * @return this builder
     */
    public PeerNodeBuilder notices(Notices teller) {
        this.notices = Objects.requireNonNull(teller, "notices");
        return this;
    }

    /**
     * Sets where nonces come from.
     *
     * @param source a secure source; default a new one
     * @return this builder
     */
    public PeerNodeBuilder random(SecureRandom source) {
        this.random = Objects.requireNonNull(source, "random");
        return this;
    }

    /**
     * Builds the node.
     *
     * @return the node, to be closed
     * @throws ArgumentException {@code invalid_argument} if two keys have one id
     */
    public PeerNode build() {
        return new PeerNode(this);
    }
}
