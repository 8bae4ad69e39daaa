package io.llmspell.hooks.distributed;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.time.TimeSource;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Sends contexts to peers and reads their answers. Safe for threads. */
final class Sender {
    private static final int NONCE_BYTES = 16;

    private final List<HookPeer> peers = new CopyOnWriteArrayList<>();
    private final DistributedHookContext.Source self;
    private final ContextCodec codec;
    private final Admission admission;
    private final PeerClock clock;
    private final TimeSource time;
    private final SecureRandom random;

    Sender(PeerNodeBuilder from, ContextCodec codec, Admission admission, PeerClock clock) {
        this.self = from.source;
        this.codec = codec;
        this.admission = admission;
        this.clock = clock;
        this.time = from.time;
        this.random = from.random;
    }

    Handle add(HookPeer peer) {
        peers.add(peer);
        return () -> peers.remove(peer);
    }

    String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** A context of this process that has made no hop yet. */
    DistributedHookContext fresh(
            HookSnapshot seen, Propagation where, @Nullable String traceparent, Map<String, String> metadata) {
        Set<String> trusted = where.broadcast() ? Set.of(DistributedHookContext.ALL) : where.targetAgents();
        DistributedHookContext.Security security = new DistributedHookContext.Security(
                Set.of(seen.point().name()),
                trusted,
                Set.of(DistributedHookContext.ALL),
                clock.now().plus(Admission.LIFETIME),
                nonce());
        return new DistributedHookContext(
                seen, self, self.agentId(), where, security, nonce(), traceparent, null, List.of(), metadata);
    }

    /**
     * Sends a context to all peers that it is for.
     *
     * @param context the context, as it was made or received here
     * @param from the agent that it came from, which does not get it back; null at its beginning
     * @return the decisions, those of the first peer first; one for each target that was not reached
     */
    Mono<List<RemoteResult>> send(DistributedHookContext context, @Nullable String from) {
        Propagation where = context.propagation();
        if (!where.goesOn()) {
            return Mono.just(List.of());
        }
        List<HookPeer> chosen = peers.stream()
                .filter(peer -> !peer.agentId().equals(from) && !peer.agentId().equals(self.agentId()))
                .filter(peer -> where.broadcast() || where.targetAgents().contains(peer.agentId()))
                .toList();
        return Flux.fromIterable(chosen)
                .flatMapSequential(peer -> ask(peer, context))
                .collectList()
                .map(answers -> results(context, from, answers));
    }

    private List<RemoteResult> results(
            DistributedHookContext context, @Nullable String from, List<List<RemoteResult>> answers) {
        List<RemoteResult> all = new ArrayList<>();
        answers.forEach(all::addAll);
        if (from == null && !context.propagation().broadcast()) {
            context.propagation().targetAgents().stream()
                    .sorted()
                    .filter(target ->
                            all.stream().noneMatch(each -> each.agentId().equals(target)))
                    .forEach(target -> all.add(failure(target, Refusal.unavailable(target, "is no peer"))));
        }
        return all;
    }

    private Mono<List<RemoteResult>> ask(HookPeer peer, DistributedHookContext context) {
        Duration limit = context.propagation().remoteTimeout();
        return Mono.defer(() -> {
                    DistributedHookContext request = addressed(peer, context);
                    Bytes bytes = codec.write(request);
                    return peer.send(bytes, request.propagation().priority())
                            .switchIfEmpty(Mono.error(() -> Refusal.unavailable(peer.agentId(), "gave no answer")))
                            .publishOn(Schedulers.boundedElastic())
                            .map(answer -> read(answer, request));
                })
                .timeout(
                        timer(limit),
                        Mono.error(() -> Refusal.unavailable(peer.agentId(), "did not answer within " + limit)))
                .onErrorResume(failure -> Mono.just(List.of(failure(
                        peer.agentId(), InternalException.coded("sending to agent " + peer.agentId(), failure)))));
    }

    private Mono<Boolean> timer(Duration limit) {
        return Mono.<Boolean>create(sink -> {
                    Handle timer = time.schedule(limit, () -> sink.success(true));
                    sink.onDispose(timer::close);
                })
                .publishOn(Schedulers.boundedElastic());
    }

    private DistributedHookContext addressed(HookPeer peer, DistributedHookContext context) {
        DistributedHookContext.Security security = context.security();
        if (!AllowList.has(security.trustedAgents(), peer.agentId())
                || !AllowList.hasAddress(security.allowedIps(), peer.address().orElse(null))) {
            throw Refusal.refused("the context may not go to agent \"" + peer.agentId() + "\"");
        }
        return new DistributedHookContext(
                context.context(),
                self,
                peer.agentId(),
                context.propagation().hop(),
                new DistributedHookContext.Security(
                        security.allowedPoints(),
                        security.trustedAgents(),
                        security.allowedIps(),
                        security.expiresAt(),
                        nonce()),
                context.networkCorrelationId(),
                Traceparent.next(context.traceparent(), random),
                null,
                List.of(),
                context.metadata());
    }

    private List<RemoteResult> read(Bytes answer, DistributedHookContext request) {
        ContextCodec.Read read = codec.read(answer);
        admission.answer(read, request);
        return read.context().remoteResults();
    }

    /** The answer to a context: what was decided, without the data that the asker knows. */
    Bytes answer(DistributedHookContext request, List<RemoteResult> results) {
        try {
            return codec.write(reply(request, results));
        } catch (LlmSpellException tooLarge) {
            return codec.write(reply(request, List.of(failure(self.agentId(), tooLarge))));
        }
    }

    private DistributedHookContext reply(DistributedHookContext request, List<RemoteResult> results) {
        HookSnapshot seen = request.context();
        HookSnapshot bare = new HookSnapshot(
                seen.point(),
                seen.component(),
                seen.operationId(),
                seen.principal(),
                seen.correlation(),
                seen.parentOperation(),
                seen.language(),
                seen.timestamp(),
                null,
                Map.of(),
                seen.attempt());
        DistributedHookContext.Security security = new DistributedHookContext.Security(
                Set.of(seen.point().name()),
                Set.of(request.source().agentId()),
                Set.of(DistributedHookContext.ALL),
                clock.now().plus(Admission.LIFETIME),
                nonce());
        return new DistributedHookContext(
                bare,
                self,
                request.source().agentId(),
                request.propagation(),
                security,
                request.networkCorrelationId(),
                request.traceparent(),
                request.security().nonce(),
                results,
                Map.of());
    }

    RemoteResult failure(String agent, LlmSpellException failure) {
        String node = agent.equals(self.agentId()) ? self.nodeId() : "";
        return RemoteResult.failed(node, agent, failure.code().id(), failure.text());
    }
}
