package io.llmspell.hooks.distributed;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.ReactiveHook;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.time.TimeSource;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * One process among others that share hook contexts: it sends those of its operations and takes those of others.
 *
 * <p>A hook made by {@link #hook} sends the context of each operation; if it waits, the decisions of the others come
 * back as its own result. What arrives goes to {@link #receive}: it is checked in full (size, signature, expiry,
 * audience, allow-lists, hops, replay), every refusal is recorded, and the hooks of this process run on what was taken
 * with the principal that it keeps for peers. <b>Threads:</b> safe.
 */
public final class PeerNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerNode.class);
    private static final int MOST_NONCES = 100_000;

    /** How many contexts are taken at once, and how many that nobody waits for are under way. */
    private static final int MOST_AT_ONCE = 256;

    /** What the gate grants beyond the timeout of the peers, so that their absence is told by the hook. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Sender sender;
    private final Receiver receiver;
    private final ReplayCache handled;
    private final PeerClock clock;
    private final AtomicInteger taking = new AtomicInteger();
    private final AtomicInteger underway = new AtomicInteger();
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private volatile boolean closed;

    PeerNode(PeerNodeBuilder from) {
        this.clock = new PeerClock(from.time);
        ContextCodec codec = new ContextCodec(from.json, new HmacSeal(from.own, from.keys));
        Admission admission = new Admission(
                from.source.agentId(), from.source.address(), from.policy, clock, new ReplayCache(clock, MOST_NONCES));
        this.handled = new ReplayCache(clock, MOST_NONCES);
        this.sender = new Sender(from, codec, admission, clock);
        this.receiver = new Receiver(from, codec, admission, sender, handled);
    }

    /**
     * Begins to build a node.
     *
     * @param hooks the hooks that run on the contexts of others
     * @param time clock and timers
     * @param agentId its name among the others, 1 to 128 characters
     * @param own the key that it signs with
     * @return the builder
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if the name is blank, too long or
     *     {@code *}, or the key is not held by it
     */
    public static PeerNodeBuilder builder(Hooks hooks, TimeSource time, String agentId, PeerKey own) {
        return new PeerNodeBuilder(hooks, time, agentId, own);
    }

    /**
     * Adds a way to another process.
     *
     * @param peer the way
     * @return takes it away again
     */
    public Handle add(HookPeer peer) {
        return sender.add(peer);
    }

    /**
     * Takes a context from another process.
     *
     * @param context the bytes as they came
     * @param address the IP address that they came from as the transport saw it, or null if it has none
     * @return the bytes to send back; an error means that nothing is to be sent back: {@code context_unsigned},
     *     {@code context_expired}, {@code context_replayed}, {@code context_too_large}, {@code context_refused} or
     *     {@code invalid_context} if it was refused, {@code limit_exceeded} if too many come at once
     */
    public Mono<Bytes> receive(Bytes context, @Nullable String address) {
        return Mono.defer(() -> {
            if (closed) {
                return Mono.error(new InvalidStateException("the node is closed and takes nothing more"));
            }
            if (taking.incrementAndGet() > MOST_AT_ONCE) {
                taking.decrementAndGet();
                return Mono.error(LimitException.exceeded(
                        "contexts", String.valueOf(MOST_AT_ONCE), "more contexts arrive at once than are taken"));
            }
            return Mono.defer(() -> receiver.receive(context, address))
                    .subscribeOn(Schedulers.boundedElastic())
                    .doFinally(end -> taking.decrementAndGet());
        });
    }

    /**
     * A hook that sends the context of each operation to others.
     *
     * <p>If it waits, it gives the decision of the highest rank, Cancel, Replace, Modified, Continue, of equal ones that
     * of the first peer; with {@link Propagation#failing} it fails if there is no decision of a peer. Its deadline must
     * be longer than the timeout of the propagation: {@link #register} sees to that.
     *
     * @param where where they go
     * @return the hook
     */
    public ReactiveHook hook(Propagation where) {
        return context -> propagate(context, where, Map.of());
    }

    /**
     * Registers a hook that sends contexts to others, with a deadline that fits.
     *
     * @param registry where
     * @param point where it runs
     * @param options how; without a timeout it gets that of the propagation and a second more
     * @param where where contexts go
     * @return the handle
     * @throws io.llmspell.core.hook.HookException {@code hook_exists} if the point has a hook of this name
     */
    public HookHandle register(HookRegistry registry, HookPoint point, HookOptions options, Propagation where) {
        HookOptions patient = options.timeout() != null || !where.awaitRemote()
                ? options
                : new HookOptions(
                        options.name(),
                        options.description(),
                        options.version(),
                        options.priority(),
                        options.failurePolicy(),
                        options.language(),
                        options.tags(),
                        where.remoteTimeout().plus(GRACE),
                        options.isolated(),
                        options.replayable(),
                        options.enabled());
        return registry.registerReactive(point, patient, hook(where));
    }

    /**
     * Sends a context now.
     *
     * @param context the context, open until this returns
     * @param where where it goes
     * @param metadata texts for the receivers, at most 64 of at most 1 KiB
     * @return what the others decided, whether or not the propagation waits; one failure for each target that gave none
     */
    public Mono<List<RemoteResult>> send(HookContext context, Propagation where, Map<String, String> metadata) {
        DistributedHookContext fresh =
                sender.fresh(context.snapshot(), where, context.caller().traceparent(), metadata);
        boolean unused =
                handled.first(fresh.networkCorrelationId(), fresh.security().expiresAt());
        return sender.send(fresh, null);
    }

    private Mono<HookResult> propagate(HookContext context, Propagation where, Map<String, String> metadata) {
        Mono<List<RemoteResult>> sent = send(context, where, metadata);
        if (where.awaitRemote()) {
            return sent.map(results -> decision(results, where));
        }
        if (underway.incrementAndGet() > MOST_AT_ONCE) {
            underway.decrementAndGet();
            String full = "more than " + MOST_AT_ONCE + " contexts that nobody waits for are under way";
            if (!where.continueOnFailure()) {
                return Mono.error(Refusal.unavailable("any", "was not asked: " + full));
            }
            LOG.warn("a context was not sent: {}", full);
            return Mono.just(HookResult.skipped(full));
        }
        Disposable unused = sent.subscribeOn(Schedulers.boundedElastic())
                .takeUntilOther(closing.asMono())
                .doFinally(end -> underway.decrementAndGet())
                .subscribe(
                        results -> {},
                        failure -> LOG.warn("a context could not be sent", LogText.maskedError(failure)));
        return Mono.just(HookResult.proceed());
    }

    private static HookResult decision(List<RemoteResult> results, Propagation where) {
        RemoteResult best = null;
        for (RemoteResult each : results) {
            if (!each.decided() && !where.continueOnFailure()) {
                throw Refusal.unavailable(
                        each.agentId(), "gave no decision: " + each.reason() + " (" + each.error() + ")");
            }
            if (each.decided() && (best == null || rank(each) < rank(best))) {
                best = each;
            }
        }
        if (best == null || best.result() == null) {
            return HookResult.proceed();
        }
        return switch (best.result()) {
            case CANCEL ->
                HookResult.cancel("agent " + best.agentId() + ": " + (best.reason() == null ? "" : best.reason()));
            case REPLACE -> HookResult.replace(best.data());
            case MODIFIED -> HookResult.modified(best.data());
            default -> HookResult.proceed();
        };
    }

    private static int rank(RemoteResult each) {
        return List.of(HookResultKind.CANCEL, HookResultKind.REPLACE, HookResultKind.MODIFIED, HookResultKind.CONTINUE)
                .indexOf(each.result());
    }

    /** Ends what is under way that nobody waits for, and takes nothing more; the second call does nothing. */
    @Override
    public void close() {
        closed = true;
        Sinks.EmitResult unused = closing.tryEmitEmpty();
    }
}
