package io.llmspell.bridge;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.time.TimeSource;
import io.llmspell.hooks.Hooks;
import io.llmspell.hooks.coordination.Coordinator;
import io.llmspell.hooks.coordination.CoordinatorSettings;
import io.llmspell.hooks.coordination.SelectiveHooks;
import io.llmspell.hooks.coordination.SelectiveHooksBuilder;
import io.llmspell.hooks.coordination.SelectiveSettings;
import io.llmspell.hooks.distributed.PeerKey;
import io.llmspell.hooks.distributed.PeerNode;
import io.llmspell.hooks.distributed.PeerNodeBuilder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Hooks by feature, chains over components and peers of a runtime, each made when somebody asks for it: most runs need
 * none of them.
 *
 * <p>{@code features} and {@code coordinator} are guarded by {@code this}, under which no foreign code runs: who asks for
 * the features while another makes them waits for a future. All are closed with the runtime, before the
 * hooks that they use. <b>Threads:</b> safe.
 */
public final class RuntimeCoordination {
    /** So many steps run at once; a component has eight places, so that many stuck ones leave room for others. */
    private static final int MOST_THREADS = 256;

    private static final int MOST_WAITING = 10_000;
    private static final int IDLE_SECONDS = 60;

    private final Hooks hooks;
    private final TimeSource time;
    private final Awaiter awaiter;
    private final AuditLog audit;
    private final Supplier<Notices> notices;
    private final CloseStack closing;
    private final @Nullable SelectiveSettings configured;
    private @Nullable Features features;
    private @Nullable Coordinator coordinator;

    /** The features, or who is about to make them. */
    private record Features(Thread maker, CompletableFuture<SelectiveHooks> made) {}

    RuntimeCoordination(
            Hooks hooks,
            TimeSource time,
            Awaiter awaiter,
            AuditLog audit,
            Supplier<Notices> notices,
            CloseStack closing,
            @Nullable SelectiveSettings configured) {
        this.hooks = hooks;
        this.time = time;
        this.awaiter = awaiter;
        this.audit = audit;
        this.notices = notices;
        this.closing = closing;
        this.configured = configured;
    }

    /** Makes what was declared before the start. */
    void declare(List<Consumer<SelectiveHooksBuilder>> declarations) {
        if (!declarations.isEmpty()) {
            features(declarations);
        }
    }

    /**
     * The hooks that are switched by feature.
     *
     * @return what was declared before the start; made at the first call if nothing was
     * @throws InvalidStateException {@code invalid_state} if they would be made after the end of the runtime
     */
    public SelectiveHooks selectiveHooks() {
        return features(List.of());
    }

    private SelectiveHooks features(List<Consumer<SelectiveHooksBuilder>> declarations) {
        Features mine = new Features(Thread.currentThread(), new CompletableFuture<>());
        Features present;
        boolean first;
        synchronized (this) {
            Features earlier = features;
            first = earlier == null;
            present = earlier == null ? mine : earlier;
            features = present;
        }
        if (first) {
            return made(mine.made(), declarations);
        }
        if (present.maker() == Thread.currentThread() && !present.made().isDone()) {
            throw new InvalidStateException(
                    "the features were asked for by their own declaration; ask when it is over");
        }
        return awaiter.await(present.made(), Awaiter.NO_DEADLINE, Cancellation.none());
    }

    private SelectiveHooks made(
            CompletableFuture<SelectiveHooks> result, List<Consumer<SelectiveHooksBuilder>> declarations) {
        try {
            SelectiveHooksBuilder builder = SelectiveHooks.builder(hooks.registry());
            if (configured != null) {
                builder.settings(configured);
            }
            declarations.forEach(each -> each.accept(builder));
            SelectiveHooks made = keep(builder.build(time, awaiter));
            result.complete(made);
            return made;
        } catch (RuntimeException | Error failed) {
            synchronized (this) {
                features = null;
            }
            result.completeExceptionally(failed);
            throw failed;
        }
    }

    /**
     * What runs chains over components.
     *
     * @return the coordinator, made at the first call
     * @throws InvalidStateException {@code invalid_state} if it would be made after the end of the runtime
     */
    public synchronized Coordinator coordinator() {
        Coordinator present = coordinator;
        if (present == null) {
            Scheduler threads =
                    Schedulers.newBoundedElastic(MOST_THREADS, MOST_WAITING, "llmspell-chain", IDLE_SECONDS, true);
            AutoCloseable end = threads::dispose;
            keep(end);
            present = keep(new Coordinator(time, awaiter, threads::schedule, CoordinatorSettings.DEFAULT));
            coordinator = present;
        }
        return present;
    }

    /**
     * Makes a node that shares hook contexts with other processes and has its refusals in the audit log and
     * tells of them as violations.
     *
     * @param agentId its name among the others
     * @param key the key that it signs with
     * @param more sets what else it is
     * @return the node
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if one of them cannot be
     * @throws InvalidStateException {@code invalid_state} after the end of the runtime
     */
    public PeerNode peer(String agentId, PeerKey key, Consumer<PeerNodeBuilder> more) {
        PeerNodeBuilder builder =
                PeerNode.builder(hooks, time, agentId, key).audit(audit).notices(notices.get());
        more.accept(builder);
        return keep(builder.build());
    }

    private <T extends AutoCloseable> T keep(T part) {
        if (closing.isClosed()) {
            throw closed(part);
        }
        T kept = closing.add(part);
        if (closing.isClosed()) {
            throw closed(kept);
        }
        return kept;
    }

    private static InvalidStateException closed(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failed) { // there is nothing in it yet that could fail to close
            return new InvalidStateException("this LlmSpell is closed; build a new one");
        }
        return new InvalidStateException("this LlmSpell is closed; build a new one");
    }
}
