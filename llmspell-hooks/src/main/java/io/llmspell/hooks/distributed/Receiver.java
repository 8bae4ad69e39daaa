package io.llmspell.hooks.distributed;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.notice.Violation;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Takes contexts from others, runs the hooks of this process on them and hands them on. Safe for threads. */
final class Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);
    private static final CorrelationId UNVERIFIED = new CorrelationId("unverified");
    private static final Component PEER = Component.named(ComponentType.SYSTEM, "peer");

    private final ContextCodec codec;
    private final Admission admission;
    private final RemoteFiring firing;
    private final Sender sender;
    private final ReplayCache handled;
    private final TimeSource time;
    private final Principal principal;
    private final DistributedHookContext.Source self;
    private final @Nullable AuditLog audit;
    private final @Nullable Notices notices;

    Receiver(PeerNodeBuilder from, ContextCodec codec, Admission admission, Sender sender, ReplayCache handled) {
        this.codec = codec;
        this.admission = admission;
        this.firing = new RemoteFiring(from.hooks.gate());
        this.sender = sender;
        this.handled = handled;
        this.time = from.time;
        this.principal = from.principal;
        this.self = from.source;
        this.audit = from.audit;
        this.notices = from.notices;
    }

    /** What came of a context; an error if it was refused. Blocks while a refusal is recorded. */
    Mono<Bytes> receive(Bytes request, @Nullable String address) {
        ContextCodec.Read read = null;
        try {
            read = codec.read(request);
            admission.request(read, address);
        } catch (LlmSpellException refusal) {
            refused(refusal, read, address);
            return Mono.error(refusal);
        }
        DistributedHookContext context = read.context();
        if (!handled.first(context.networkCorrelationId(), context.security().expiresAt())) {
            return Mono.just(sender.answer(context, List.of())); // it came another way before
        }
        Mono<RemoteResult> here = decide(context);
        Mono<List<RemoteResult>> beyond = sender.send(context, context.source().agentId());
        return here.zipWith(beyond, Receiver::all).map(results -> sender.answer(context, results));
    }

    private static List<RemoteResult> all(RemoteResult here, List<RemoteResult> beyond) {
        List<RemoteResult> all = new ArrayList<>(List.of(here));
        all.addAll(beyond);
        return all;
    }

    private Mono<RemoteResult> decide(DistributedHookContext context) {
        long began = time.nanos();
        return firing.fire(context, caller(context))
                .map(decision -> new RemoteResult(
                        self.nodeId(),
                        self.agentId(),
                        decision.result(),
                        decision.reason(),
                        decision.data(),
                        null,
                        Duration.ofNanos(time.nanos() - began)))
                .onErrorResume(failure -> {
                    LlmSpellException coded = InternalException.coded("hooks for " + context.source(), failure);
                    LOG.warn(
                            "hooks failed on a context of agent {}",
                            context.source().agentId(),
                            LogText.maskedError(coded));
                    return Mono.just(RemoteResult.failed( // others are not told what is wrong here
                            self.nodeId(), self.agentId(), coded.code().id(), "its hooks failed"));
                });
    }

    /** The caller of the hooks: the rights are this process's own, only run and trace are the sender's. */
    private Caller caller(DistributedHookContext context) {
        HookSnapshot seen = context.context();
        long deadline = time.nanos() + context.propagation().remoteTimeout().toNanos();
        return Caller.of(principal, seen.language(), seen.correlation())
                .traced(context.traceparent())
                .limited(Cancellation.none(), deadline);
    }

    private void refused(LlmSpellException refusal, ContextCodec.@Nullable Read read, @Nullable String address) {
        LOG.warn("a context from {} was refused: {}", address, LogText.masked(refusal.getMessage()));
        String sender =
                read == null ? "unknown" : "agent:" + read.context().source().agentId();
        CorrelationId run = read == null ? UNVERIFIED : read.context().context().correlation();
        record(refusal, sender, address, run);
        if (notices != null) {
            Violation violation = new Violation(refusal.code().id(), "unauthorized_operation", "high", sender, true);
            notices.violated(violation, PEER, Caller.of(principal, Language.JAVA, run));
        }
    }

    private void record(LlmSpellException refusal, String sender, @Nullable String address, CorrelationId run) {
        if (audit == null) {
            return;
        }
        try {
            audit.append(new AuditRecord(
                    time.now(),
                    principal,
                    "context.receive",
                    sender + (address == null ? "" : " at " + address),
                    false,
                    refusal.code().id(),
                    run));
        } catch (RuntimeException failure) { // it stays refused
            LOG.error("the refusal of a context could not be recorded", LogText.maskedError(failure));
        }
    }
}
