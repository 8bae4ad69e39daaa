package io.llmspell.agents;

import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.AgentLife;
import io.llmspell.core.agent.AgentLifecycle;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.agent.AgentTransition;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.LogText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transitions of one agent that somebody asks for.
 *
 * <p>{@code pausedFrom}, {@code recoveries} and {@code lastError} are written by whoever holds the slot of the
 * {@link Lifecycle} and read by all, hence volatile.
 */
final class AgentLifeImpl implements AgentLife {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLifeImpl.class);

    private final AgentImpl agent;
    private final Lifecycle states;
    private final Shared shared;
    private final AgentOperations operations;
    private volatile AgentState pausedFrom = AgentState.READY;
    private volatile int recoveries;
    private volatile @Nullable LlmSpellException lastError;

    AgentLifeImpl(AgentImpl agent, Lifecycle states, Shared shared, AgentOperations operations) {
        this.agent = agent;
        this.states = states;
        this.shared = shared;
        this.operations = operations;
    }

    private AgentLifecycle limits() {
        return agent.config().lifecycle();
    }

    private void to(AgentState target, Cause cause, JsonObject data, Runnable between, Caller caller) {
        AgentState from = states.state();
        states.to(
                target,
                cause,
                set -> operations
                        .transition(from, target)
                        .call(agent.component(), new TransitionView.Input(agent, from, target, set, data), caller),
                between,
                caller);
    }

    /** What happens within a run belongs to the call that the breaker has let through already. */
    private void guarded(Duration limit, Caller caller, Lifecycle.Work work) {
        if (agent.active() == null) {
            states.guarded(limit, caller, work);
        } else {
            states.during(limit, caller, work);
        }
    }

    private static JsonObject because(String reason) {
        return JsonObject.of("reason", reason);
    }

    @Override
    public void initialize(Caller caller) {
        guarded(limits().initializationTimeout(), caller, (slot, inside) -> {
            if (states.state() != AgentState.UNINITIALIZED) {
                throw states.invalid(AgentState.INITIALIZING);
            }
            try {
                agent.build(inside);
                states.show(AgentState.READY, Cause.START, inside);
            } catch (LlmSpellException failed) {
                if (states.state() == AgentState.INITIALIZING) {
                    lastError = failed;
                    states.show(AgentState.ERROR, Cause.START, inside);
                }
                throw failed;
            }
        });
    }

    @Override
    public void start(Caller caller) {
        guarded(limits().maxTransitionTime(), caller, (slot, inside) -> {
            if (states.state() != AgentState.READY) {
                throw states.invalid(AgentState.RUNNING);
            }
            to(AgentState.RUNNING, Cause.START, because(""), () -> {}, inside);
        });
    }

    @Override
    public void pause(String reason, Caller caller) {
        while (true) {
            AgentRun run = agent.active();
            if (run == null || states.state() != AgentState.RUNNING) {
                pauseNow(reason, caller);
                return;
            }
            AgentRun.Wish wish = run.wish(reason, caller);
            if (run.isOnThisThread() || halted(run, wish, caller)) {
                return;
            }
        }
    }

    /** Waits until the run has halted; false if it had ended before. */
    private boolean halted(AgentRun run, AgentRun.Wish wish, Caller caller) {
        Duration most = limits().maxTransitionTime();
        long deadline = shared.time().nanos() + most.toNanos();
        try {
            return shared.awaiter()
                    .await(wish.done(), caller.limited(caller.token(), deadline).deadlineNanos(), caller.token());
        } catch (LimitException late) {
            run.withdraw(wish);
            throw LimitException.timeout(
                    "the pause of agent \"" + agent.config().name() + "\", whose run did not come to a place to halt,",
                    most.toMillis() + " ms");
        } catch (LlmSpellException failed) {
            run.withdraw(wish);
            throw failed;
        }
    }

    void pauseNow(String reason, Caller caller) {
        guarded(limits().maxTransitionTime(), caller, (slot, inside) -> {
            AgentState from = states.state();
            to(AgentState.PAUSED, new Cause("pause", reason), because(reason), () -> pausedFrom = from, inside);
        });
        agent.saver().paused(caller);
    }

    @Override
    public void resume(String reason, Caller caller) {
        guarded(limits().maxTransitionTime(), caller, (slot, inside) -> {
            if (states.state() != AgentState.PAUSED) {
                throw states.invalid(AgentState.RUNNING);
            }
            to(
                    pausedFrom,
                    new Cause("resume", reason),
                    because(reason),
                    () -> agent.saver().resumed(inside),
                    inside);
            AgentRun run = agent.active();
            if (run != null) {
                run.resume();
            }
        });
    }

    @Override
    public void stop(String reason, Caller caller) {
        Duration most = limits().maxTransitionTime().plus(limits().terminationTimeout());
        guarded(most, caller, (slot, inside) -> {
            AgentState from = states.state();
            if (from != AgentState.RUNNING && from != AgentState.PAUSED) {
                throw states.invalid(AgentState.READY);
            }
            to(AgentState.READY, new Cause("stop", reason), because(reason), () -> endRun(slot, caller), inside);
        });
        agent.saver().stopped(caller);
    }

    /** Cancels the run in progress and waits for its end, but not for ever and not for itself. */
    private void endRun(Lifecycle.Slot slot, Caller caller) {
        AgentRun run = agent.active();
        if (run == null) {
            return;
        }
        slot.waitsForRun();
        run.abandon();
        if (run.isOnThisThread()) {
            return;
        }
        long deadline = shared.time().nanos() + limits().terminationTimeout().toNanos();
        try {
            shared.awaiter().await(run.ended(), deadline, caller.token());
        } catch (LlmSpellException late) {
            LOG.warn(
                    "the run of agent \"{}\" did not end when it was stopped: {}",
                    agent.config().name(),
                    LogText.masked(late.text()));
        }
    }

    @Override
    public void fail(String message, Caller caller) {
        states.during(limits().maxTransitionTime(), caller, (slot, inside) -> {
            if (!states.state().allows(AgentState.ERROR)) {
                throw states.invalid(AgentState.ERROR);
            }
            failed(
                    new AgentException(
                            ErrorCode.AGENT_FAILED,
                            "agent \"" + agent.config().name() + "\" failed: " + message,
                            Map.of("agent", agent.config().name()),
                            null),
                    new Cause("stop", message),
                    inside);
            AgentRun run = agent.active();
            if (run != null) {
                run.abandon();
            }
        });
    }

    /** Enters the error state with its notice. */
    private void failed(LlmSpellException error, Cause cause, Caller caller) {
        AgentState from = states.state();
        try {
            operations
                    .fail()
                    .call(
                            agent.component(),
                            new TransitionView.Input(
                                    agent, from, AgentState.ERROR, cause, because(cause.reason()), error),
                            caller);
        } catch (LlmSpellException told) {
            if (told != error) {
                throw told;
            }
        }
        entersError(error, cause, caller);
    }

    /** Shows the error state after its notice. */
    void entersError(LlmSpellException error, Cause cause, Caller caller) {
        lastError = error;
        states.show(AgentState.ERROR, cause, caller);
    }

    @Override
    public void recover(Caller caller) {
        recover(new Cause("resume", ""), caller);
    }

    void recover(Cause cause, Caller caller) {
        guarded(limits().maxTransitionTime(), caller, (slot, inside) -> {
            if (states.state() != AgentState.ERROR) {
                throw states.invalid(AgentState.RECOVERING);
            }
            JsonObject data =
                    JsonObject.of("recovery_attempt", counted(caller), "max_attempts", limits().maxRecoveryAttempts());
            to(AgentState.RECOVERING, cause, data, () -> {}, inside);
            try {
                agent.rebuild(inside);
                to(AgentState.READY, cause, data, () -> {}, inside);
            } catch (LlmSpellException refused) {
                failed(refused, cause, caller);
                throw refused;
            }
        });
    }

    private int counted(Caller caller) {
        int most = limits().maxRecoveryAttempts();
        int attempt = recoveries + 1;
        if (attempt > most) {
            shared.notices().limitExceeded("max_recovery_attempts", most, attempt, agent.component(), caller);
            throw LimitException.exceeded(
                    "max_recovery_attempts",
                    most + "",
                    "agent \"" + agent.config().name()
                            + "\" failed again after each recovery; terminate it and make a new one");
        }
        recoveries = attempt;
        return attempt;
    }

    /** A run went well: the agent may recover as often as ever. */
    void wentWell() {
        recoveries = 0;
    }

    void terminate(Caller caller) {
        Duration most = limits().maxTransitionTime().plus(limits().terminationTimeout());
        Cause cause = new Cause("stop", "terminate");
        states.during(most, caller, (slot, inside) -> {
            boolean neverBuilt = states.state() == AgentState.ERROR && !agent.isBuilt();
            if (!neverBuilt) { // else there is nothing to shut down
                to(AgentState.TERMINATING, cause, because("terminate"), () -> {}, inside);
                endRun(slot, caller);
            }
            terminated(cause, caller);
        });
    }

    /** The end itself, which nothing can hold up any more. */
    private void terminated(Cause cause, Caller caller) {
        AgentState from = states.state();
        try {
            operations
                    .transition(from, AgentState.TERMINATED)
                    .call(
                            agent.component(),
                            new TransitionView.Input(agent, from, AgentState.TERMINATED, cause, because("terminate")),
                            caller);
        } catch (LlmSpellException failed) {
            LOG.warn(
                    "a hook at the end of agent \"{}\" failed: {}",
                    agent.config().name(),
                    LogText.masked(failed.text()));
        }
        agent.forgotten();
        states.show(AgentState.TERMINATED, cause, caller);
    }

    @Override
    public boolean cancelTransition() {
        return states.cancel();
    }

    @Override
    public List<AgentTransition> history() {
        return states.history();
    }

    @Override
    public Optional<LlmSpellException> lastError() {
        return Optional.ofNullable(lastError);
    }
}
