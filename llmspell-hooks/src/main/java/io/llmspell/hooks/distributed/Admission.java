package io.llmspell.hooks.distributed;

import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is checked of a context whose signature is right. Every check throws the refusal that fits; the nonce is noted
 * last, so that a context that is refused uses none up. Safe for threads.
 */
final class Admission {
    /** How long a context may be worth something. */
    static final Duration LIFETIME = Duration.ofMinutes(5);

    /** How far the clock of a sender may go ahead. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern NETWORK_ID = Pattern.compile("[!-~]{1,128}");

    private final String agentId;
    private final @Nullable String address;
    private final PeerPolicy policy;
    private final PeerClock clock;
    private final ReplayCache nonces;

    Admission(String agentId, @Nullable String address, PeerPolicy policy, PeerClock clock, ReplayCache nonces) {
        this.agentId = agentId;
        this.address = address;
        this.policy = policy;
        this.clock = clock;
        this.nonces = nonces;
    }

    /**
     * Admits a context on which hooks are to run.
     *
     * @param read what was read
     * @param from the address that the transport saw, or null
     */
    void request(ContextCodec.Read read, @Nullable String from) {
        DistributedHookContext context = read.context();
        sender(read);
        addressee(context);
        if (context.inReplyTo() != null || !context.remoteResults().isEmpty()) {
            throw Refusal.refused("an answer was sent where a context was expected");
        }
        String sender = context.source().agentId();
        if (!AllowList.has(policy.trustedAgents(), sender)) {
            throw Refusal.refused("agent \"" + sender + "\" is not among the trusted agents");
        }
        if (!AllowList.hasAddress(policy.allowedIps(), from)) {
            throw Refusal.refused("the address " + from + " is not among the allowed ones");
        }
        point(context);
        if (!AllowList.has(context.security().trustedAgents(), agentId)
                || !AllowList.hasAddress(context.security().allowedIps(), address)) {
            throw Refusal.refused("the sender does not trust this agent or address with it");
        }
        once(context);
    }

    private void point(DistributedHookContext context) {
        HookPoint point = context.context().point();
        if (!AllowList.has(policy.allowedPoints(), point.name())
                || !AllowList.has(context.security().allowedPoints(), point.name())
                || point.info().phase() == HookPhase.AROUND) {
            throw Refusal.refused("hooks at " + point + " do not run for others");
        }
    }

    /**
     * Admits an answer.
     *
     * @param read what was read
     * @param asked what was sent
     */
    void answer(ContextCodec.Read read, DistributedHookContext asked) {
        DistributedHookContext context = read.context();
        sender(read);
        addressee(context);
        boolean fits = asked.security().nonce().equals(context.inReplyTo())
                && asked.networkCorrelationId().equals(context.networkCorrelationId())
                && asked.audience().equals(context.source().agentId())
                && asked.context().point().equals(context.context().point());
        if (!fits) {
            throw Refusal.refused("the answer is not one to what was asked");
        }
        once(context);
    }

    private static void sender(ContextCodec.Read read) {
        String agent = read.context().source().agentId();
        if (!read.key().heldBy(agent)) {
            throw Refusal.unsigned("key \"" + read.key().id() + "\" does not vouch for agent \"" + agent + "\"");
        }
    }

    private void addressee(DistributedHookContext context) {
        if (!context.audience().equals(agentId)) {
            throw Refusal.refused("it is for agent \"" + context.audience() + "\", not for this one");
        }
        Propagation where = context.propagation();
        if (where.hops() < 1 || where.hops() > where.maxHops()) {
            throw Refusal.refused("it has made " + where.hops() + " hops of at most " + where.maxHops());
        }
        if (!NETWORK_ID.matcher(context.networkCorrelationId()).matches()
                || !NONCE.matcher(context.security().nonce()).matches()) {
            throw Refusal.invalid("its nonce or network correlation id is malformed", null);
        }
        Instant end = context.security().expiresAt();
        Instant now = clock.now();
        if (!end.isAfter(now)) {
            throw Refusal.expired("the context has expired at " + end);
        }
        if (end.isAfter(now.plus(LIFETIME).plus(SKEW))) {
            throw Refusal.expired("the context would live until " + end + ", longer than " + LIFETIME);
        }
    }

    private void once(DistributedHookContext context) {
        String nonce = context.security().nonce();
        if (!nonces.first(nonce, context.security().expiresAt())) {
            throw Refusal.replayed(nonce);
        }
    }
}
