package io.llmspell.hooks;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.OperationTargets;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.time.TimeSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The gate, and what all its passages share. */
final class GateImpl implements Gate {
    private static final double RETRY_SHARE = 0.2;
    private static final long MAX_DELAY_NANOS = 5_000_000_000L;

    private final HookTable table;
    private final Listeners listeners;
    private final TimeSource time;
    private final IdGenerator ids;
    private final Awaiter awaiter;
    private final int maxDepth;
    private final RetryBudget retries;
    private final ResultCache cache;
    private final AtomicReference<@Nullable Function<Caller, StateReader>> state = new AtomicReference<>();
    private final AtomicReference<@Nullable OperationTargets> targets = new AtomicReference<>();

    GateImpl(HookTable table, TimeSource time, IdGenerator ids, Awaiter awaiter, int maxDepth) {
        this.table = table;
        this.listeners = new Listeners();
        this.time = time;
        this.ids = ids;
        this.awaiter = awaiter;
        this.maxDepth = maxDepth;
        this.retries = new RetryBudget(RETRY_SHARE, time.nanos());
        this.cache = new ResultCache(time);
    }

    @Override
    public <I, O> Passage<I, O> passage(Operation<I, O> operation) {
        return new PassageImpl<>(this, operation);
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

    /** The longest sum of delays of one operation. */
    long maxDelayNanos() {
        return MAX_DELAY_NANOS;
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
            throw LimitException.exceeded(
                    "hooks.max_depth",
                    maxDepth + " hooks",
                    component + " was called by hooks that call each other, outermost first: "
                            + String.join(" > ", caller.hookChain()));
        }
    }
}
