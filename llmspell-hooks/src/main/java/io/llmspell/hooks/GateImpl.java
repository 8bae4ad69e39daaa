package io.llmspell.hooks;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.gate.ComponentBreaker;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.OperationTargets;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.time.TimeSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;

/** The gate, and what all its passages share. */
final class GateImpl implements Gate, CompositeEnv.Guards {
    private static final Logger LOG = LoggerFactory.getLogger(GateImpl.class);

    private final HookTable table;
    private final Listeners listeners;
    private final TimeSource time;
    private final IdGenerator ids;
    private final Awaiter awaiter;
    private final HookSettings settings;
    private final int maxDepth;
    private final long maxDelayNanos;
    private final double overheadTarget;
    private final Watchdog watchdog;
    private final IsolatedThreads isolated;
    private final Shares shares;
    private final CompositeEnv composites;

    /** Where what waited goes on, if foreign code may follow; full, it goes on where it is: late is better than never. */
    private final Executor resume = task -> {
        try {
            Schedulers.boundedElastic().schedule(task);
        } catch (RejectedExecutionException full) {
            task.run();
        }
    };

    private final RetryBudget retries;
    private final ResultCache cache;
    private final Set<Firing> firings = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Function<Caller, StateReader>> state = new AtomicReference<>();
    private final AtomicReference<@Nullable OperationTargets> targets = new AtomicReference<>();

    GateImpl(
            HookTable table,
            Listeners listeners,
            TimeSource time,
            IdGenerator ids,
            Awaiter awaiter,
            HookSettings settings) {
        this.table = table;
        this.listeners = listeners;
        this.time = time;
        this.ids = ids;
        this.awaiter = awaiter;
        this.settings = settings;
        this.maxDepth = settings.maxDepth();
        this.maxDelayNanos = settings.maxDelay().toNanos();
        this.retries = new RetryBudget(settings.retryBudget(), time.nanos());
        this.cache = new ResultCache(time);
        this.watchdog = new Watchdog(time, resume);
        this.isolated = new IsolatedThreads(settings.maxIsolatedThreads());
        this.shares = new Shares(settings, this::shareExceeded);
        table.beforeMetrics(shares::collect);
        this.overheadTarget = settings.overheadTarget();
        this.composites = new CompositeEnv(time, awaiter, ChildThreads.lazy(), settings, watchdog, this);
    }

    private void shareExceeded(String component, double percent, @Nullable HookGuard costliest) {
        LOG.warn(
                "the hooks of {} took {} % of its time, more than {} %{}",
                component,
                Math.round(percent),
                Math.round(100 * overheadTarget),
                costliest == null ? "" : "; hook \"" + costliest.name() + "\" is switched off for a while");
        listeners.thresholdExceeded(component, "hook_share", percent / 100, overheadTarget);
    }

    @Override
    public <I, O> Passage<I, O> passage(Operation<I, O> operation) {
        noteFirings(operation);
        return new PassageImpl<>(this, operation);
    }

    /** Points of users are as many as users like and are not noted. */
    private void noteFirings(Operation<?, ?> operation) {
        if (operation.kind() == OperationKind.CUSTOM) {
            return;
        }
        for (Step<?> step : operation.steps()) {
            if (step instanceof Step.Point<?> point) {
                firings.add(new Firing(
                        operation.kind(), point.point(), point.stage(), KindResults.of(operation.kind(), point)));
            }
        }
    }

    /** Where operations fire points, as far as their owners have asked for passages. */
    Set<Firing> firings() {
        return firings;
    }

    HookTable table() {
        return table;
    }

    Listeners listeners() {
        return listeners;
    }

    TimeSource time() {
        return time;
    }

    Awaiter awaiter() {
        return awaiter;
    }

    RetryBudget retries() {
        return retries;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    IsolatedThreads isolated() {
        return isolated;
    }

    Shares shares() {
        return shares;
    }

    @Override
    public HookGuard guard(HookPoint point, HookOptions options) {
        return BreakerNews.guard(new HookInfo(newId(), point, options, true, false), settings, listeners, time);
    }

    ComponentBreaker breaker(Component component) {
        return settings.enableCircuitBreaker()
                ? new BreakerOfComponent(component, settings.breaker(), time)
                : ComponentBreaker.never();
    }

    /** What composites need of the runtime. */
    CompositeEnv composites() {
        return composites;
    }

    Executor resume() {
        return resume;
    }

    /** The longest sum of delays of one operation. */
    long maxDelayNanos() {
        return maxDelayNanos;
    }

    ResultCache cache() {
        return cache;
    }

    void targets(OperationTargets starts) {
        if (!targets.compareAndSet(null, starts)) {
            throw new InvalidStateException("the targets of redirects and forks are set already; set them once");
        }
    }

    /** What other operations can be started, if the kind is among them. */
    @Nullable OperationTargets targets(OperationKind kind) {
        OperationTargets known = targets.get();
        return known == null || !known.kinds().contains(kind) ? null : known;
    }

    String newId() {
        return ids.next().toString();
    }

    void state(Function<Caller, StateReader> readers) {
        if (!state.compareAndSet(null, readers)) {
            throw new InvalidStateException("the state of hook contexts is set already; set it once");
        }
    }

    StateReader state(Caller caller) {
        Function<Caller, StateReader> readers = state.get();
        if (readers == null) {
            throw new InvalidStateException(
                    "context.state() is not available: this runtime has no state, or hooks ran before it was built");
        }
        return readers.apply(caller);
    }

    /** Refuses an operation that is enclosed by too many hooks. */
    void checkDepth(Component component, Caller caller) {
        if (caller.hookDepth() > maxDepth) {
            throw tooDeep(component, caller.hookChain());
        }
    }

    int maxDepth() {
        return maxDepth;
    }

    LimitException tooDeep(Component component, List<String> hooks) {
        return LimitException.exceeded(
                "hooks.max_depth",
                maxDepth + " hooks",
                component + " was called by hooks that call each other, outermost first: " + String.join(" > ", hooks));
    }
}
