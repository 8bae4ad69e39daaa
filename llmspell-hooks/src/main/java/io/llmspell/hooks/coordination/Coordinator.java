package io.llmspell.hooks.coordination;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.time.TimeSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Runs chains of steps over several components, and keeps traces of what happened in each run.
 *
 * <p>A step begins when all that it needs have succeeded; independent ones run at once. Components do not disturb each
 * other: a step that fails or takes too long costs only the steps that need it, and each component has its own places,
 * so that one that is slow or stuck holds no threads of the others. Nothing here lasts: what must is a workflow.
 * <b>Threads:</b> safe.
 */
public final class Coordinator implements AutoCloseable {
    private static final Component SELF = Component.named(ComponentType.SYSTEM, "coordinator");

    private final TimeSource time;
    private final Awaiter awaiter;
    private final Executor executor;
    private final CoordinatorSettings settings;
    private final Lanes lanes = new Lanes();
    private final Traces traces;
    private final AtomicInteger active = new AtomicInteger();
    private final Set<ChainRun> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Makes a coordinator.
     *
     * @param time clock and timers
     * @param awaiter how {@link #run} waits
     * @param executor runs the steps, on threads other than the one that asks it; stays its owner's
     * @param settings the limits
     */
    public Coordinator(TimeSource time, Awaiter awaiter, Executor executor, CoordinatorSettings settings) {
        this.time = Objects.requireNonNull(time, "time");
        this.awaiter = Objects.requireNonNull(awaiter, "awaiter");
        this.executor = Objects.requireNonNull(executor, "executor");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.traces = new Traces(settings, time);
    }

    /**
     * Runs a chain and waits for its end. The failure of a step is in the result and is not thrown.
     *
     * @param chain the chain
     * @param input its input, a JSON value
     * @param caller on whose behalf; its token and deadline end the chain
     * @return how it ended
     * @throws LimitException {@code limit_exceeded} if as many chains run as may
     * @throws io.llmspell.core.json.JsonValueException if the input is no JSON value or too large
     * @throws InvalidStateException {@code invalid_state} after {@link #close}
     */
    public ChainResult run(ExecutionChain chain, @Nullable Object input, Caller caller) {
        ChainRun run = start(chain, input, caller);
        try {
            return awaiter.await(run.result(), Awaiter.NO_DEADLINE, Cancellation.none());
        } catch (LlmSpellException interrupted) { // the chain itself never fails
            run.cancel();
            throw interrupted;
        }
    }

    /**
     * Runs a chain without blocking.
     *
     * @param chain the chain
     * @param input its input, a JSON value
     * @param caller on whose behalf; its token and deadline end the chain, as does the subscriber that leaves
     * @return how it ended, anew for each subscriber; errors as in {@link #run}
     */
    public Mono<ChainResult> runAsync(ExecutionChain chain, @Nullable Object input, Caller caller) {
        return Mono.defer(() -> {
                    ChainRun run = start(chain, input, caller);
                    return Mono.fromFuture(run.result(), true).doOnCancel(run::cancel);
                })
                .publishOn(Schedulers.boundedElastic()); // a timer may end the chain, and runs no foreign code
    }

    private ChainRun start(ExecutionChain chain, @Nullable Object input, Caller caller) {
        Object checked = JsonValues.checked(input, JsonLimits.VALUE);
        int most = settings.maxActiveChains();
        if (active.getAndUpdate(count -> Math.min(count + 1, most)) >= most) {
            throw LimitException.exceeded(
                    "coordinator.max_active_chains",
                    String.valueOf(most),
                    "chain \"" + chain.name() + "\" was not begun: as many chains run as may");
        }
        ChainRun run = new ChainRun(chain, checked, caller, this);
        running.add(run);
        if (closed) {
            ended(run);
            throw new InvalidStateException("the coordinator is closed; chain \"" + chain.name() + "\" was not begun");
        }
        run.start();
        return run;
    }

    /**
     * What happened in a run.
     *
     * @param correlation the run
     * @return the trace, empty if nothing is known of it any more
     */
    public Optional<Trace> trace(CorrelationId correlation) {
        return traces.of(correlation);
    }

    /**
     * Adds an event to the trace of a run; chains add theirs themselves.
     *
     * @param correlation the run
     * @param component where it happened
     * @param type what happened, 1 to 128 characters
     * @param details more about it
     * @throws ArgumentException {@code invalid_argument} if the type is blank or too long
     */
    public void note(CorrelationId correlation, Component component, String type, JsonObject details) {
        if (type.isBlank() || type.length() > 128) {
            throw new ArgumentException("type of a trace event", type, "1 to 128 characters");
        }
        traces.note(correlation, new Trace.Event(time.now(), component, type, details));
    }

    void note(CorrelationId correlation, ExecutionChain chain, @Nullable String step, String type) {
        ExecutionChain.Step where = step == null ? null : chain.steps().get(step);
        JsonObject details = step == null
                ? JsonObject.of("chain", chain.name())
                : JsonObject.of("chain", chain.name(), "step", step);
        note(correlation, where == null ? SELF : where.component(), type, details);
    }

    /**
     * How many chains run.
     *
     * @return the number
     */
    public int activeChains() {
        return active.get();
    }

    /**
     * How many steps were cut off and have not ended; they hold threads of the executor.
     *
     * @return the number
     */
    public int abandonedSteps() {
        return lanes.overdue();
    }

    /** Refuses new chains and cancels those that run, without waiting for them; the second call does nothing. */
    @Override
    public void close() {
        closed = true;
        running.forEach(ChainRun::cancel);
    }

    void ended(ChainRun run) {
        if (running.remove(run)) {
            active.decrementAndGet();
        }
    }

    TimeSource time() {
        return time;
    }

    Executor executor() {
        return executor;
    }

    CoordinatorSettings settings() {
        return settings;
    }

    Lanes lanes() {
        return lanes;
    }
}
