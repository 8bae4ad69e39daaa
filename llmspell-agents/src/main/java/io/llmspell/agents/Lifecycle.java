package io.llmspell.agents;

import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.agent.AgentTransition;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The states of one agent, and the one transition that it may have at a time.
 *
 * <p>A transition holds the slot {@code present} from its first hook to its new state; no lock is held meanwhile. The
 * state is written by whoever holds the slot and read by all, hence volatile; {@code history} is guarded by itself.
 */
final class Lifecycle {
    private static final int REMEMBERED = 100;

    private final String name;
    private final Component component;
    private final Shared shared;
    private final AgentBreaker breaker;
    private final Function<Map<String, String>, Map<String, String>> keys;
    private final AtomicReference<@Nullable Slot> present = new AtomicReference<>();
    private final Deque<AgentTransition> history = new ArrayDeque<>();
    private volatile AgentState state = AgentState.UNINITIALIZED;

    Lifecycle(
            String name,
            Component component,
            Shared shared,
            AgentBreaker breaker,
            Function<Map<String, String>, Map<String, String>> keys) {
        this.breaker = breaker;
        this.name = name;
        this.component = component;
        this.shared = shared;
        this.keys = keys;
    }

    /** One transition, or several that belong together, in progress. */
    static final class Slot {
        private final Thread thread = Thread.currentThread();
        private final CancellationSource token;
        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private final CompletableFuture<@Nullable Void> runMayEnd = new CompletableFuture<>();
        private volatile boolean late;
        private volatile Handle timer = Handle.noop();

        private Slot(CancellationSource token) {
            this.token = token;
        }

        /** Says that the transition waits for the run in progress, which therefore must not wait for it. */
        void waitsForRun() {
            runMayEnd.complete(null);
        }

        private void expire() {
            late = true;
            token.cancel();
        }
    }

    AgentState state() {
        return state;
    }

    List<AgentTransition> history() {
        synchronized (history) {
            return List.copyOf(history);
        }
    }

    boolean cancel() {
        Slot slot = present.get();
        if (slot != null) {
            slot.token.cancel();
        }
        return slot != null;
    }

    /** Waits for the transition in progress and takes its place. */
    Slot enter(Duration limit, Caller caller) {
        Slot mine = new Slot(caller.token().child());
        long deadline = shared.time().nanos() + limit.toNanos();
        for (Slot other = present.get(); !present.compareAndSet(null, mine); other = present.get()) {
            if (other != null) {
                await(other, other.ended, deadline, caller);
            }
        }
        mine.timer = shared.time().schedule(limit, mine::expire);
        return mine;
    }

    private void await(Slot other, CompletableFuture<?> what, long deadline, Caller caller) {
        if (other.thread == Thread.currentThread()) {
            throw new InvalidStateException("a transition of agent \"" + name + "\" was asked for within another one of"
                    + " it; ask for it when that has ended");
        }
        shared.awaiter().await(what, caller.limited(caller.token(), deadline).deadlineNanos(), caller.token());
    }

    /** Takes the slot for the end of a run, unless the transition in progress waits for that; null then. */
    @Nullable Slot enterForEnd(Duration limit, Caller caller) {
        Slot mine = new Slot(new CancellationSource());
        long deadline = shared.time().nanos() + limit.toNanos();
        while (!present.compareAndSet(null, mine)) {
            Slot other = present.get();
            if (other != null) {
                if (other.runMayEnd.isDone()) {
                    return null;
                }
                await(other, CompletableFuture.anyOf(other.ended, other.runMayEnd), deadline, caller);
            }
        }
        return mine;
    }

    void leave(@Nullable Slot slot) {
        if (slot != null && present.compareAndSet(slot, null)) {
            slot.timer.close();
            slot.token.close();
            slot.ended.complete(null);
        }
    }

    /** Does what belongs to one transition, unless the agent failed too often. */
    void guarded(Duration limit, Caller caller, Work work) {
        boolean unused = breaker.guard(() -> {
            during(limit, caller, work);
            return true;
        });
    }

    /** Does what belongs to one transition within its limit; the work gets the slot and the caller inside it. */
    void during(Duration limit, Caller caller, Work work) {
        Slot slot = enter(limit, caller);
        try {
            work.run(slot, caller.limited(slot.token, shared.time().nanos() + limit.toNanos()));
        } catch (CancelledException stopped) {
            if (slot.late) {
                throw LimitException.timeout("a transition of agent \"" + name + "\"", limit.toMillis() + " ms");
            }
            throw stopped;
        } finally {
            leave(slot);
        }
    }

    /** What is done while a transition holds the slot. */
    @FunctionalInterface
    interface Work {
        void run(Slot slot, Caller caller);
    }

    /** Goes to another state: its points, then what must come before the state shows, then the state. */
    void to(AgentState target, Cause cause, Consumer<Cause> points, Runnable between, Caller caller) {
        if (!state.allows(target)) {
            throw invalid(target);
        }
        points.accept(cause);
        between.run();
        show(target, cause, caller);
    }

    /** Shows a new state and reports it. */
    void show(AgentState next, Cause cause, Caller caller) {
        AgentState before = state;
        state = next;
        AgentTransition happened = new AgentTransition(
                before, next, cause.trigger(), cause.reason(), shared.time().now());
        synchronized (history) {
            history.addLast(happened);
            if (history.size() > REMEMBERED) {
                history.removeFirst();
            }
        }
        shared.events().report("agent.state.changed", keys.apply(cause.keys(before, next)), component, caller);
    }

    AgentException invalid(AgentState target) {
        AgentState from = state;
        List<String> allowed = Arrays.stream(AgentState.values())
                .filter(from::allows)
                .map(AgentState::id)
                .toList();
        return new AgentException(
                ErrorCode.INVALID_TRANSITION,
                "agent \"" + name + "\" is " + from.id() + " and cannot become " + target.id()
                        + (allowed.isEmpty()
                                ? "; this state is final"
                                : "; it can become " + String.join(", ", allowed)),
                Map.of("agent", name, "from", from.id(), "to", target.id(), "allowed", allowed),
                null);
    }
}
