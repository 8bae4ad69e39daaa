package io.llmspell.agents;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Offload;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The life of one agent: its state, the turns of its runs, its events.
 *
 * <p>State, built parts and recovery attempts are written by whoever has the turn (or makes the agent, before anybody
 * else can see it) and read by all, hence volatile. No lock is held while hooks, models or tools run.
 */
final class AgentImpl implements Agent {
    private static final int MOST_RECOVERIES = 3;

    private final Component component;
    private final Shared shared;
    private final AgentOperations operations;
    private final Turns turns;
    private final Runnable ended;
    private final long bornNanos;
    private volatile AgentState state = AgentState.UNINITIALIZED;
    private volatile AgentConfig config;
    private volatile @Nullable Brain brain;
    private volatile int recoveries;

    AgentImpl(AgentConfig config, Component component, Shared shared, AgentOperations operations, Runnable ended) {
        this.config = config;
        this.component = component;
        this.shared = shared;
        this.operations = operations;
        this.ended = ended;
        this.turns = new Turns(config.name(), shared.awaiter(), shared.time());
        this.bornNanos = shared.time().nanos();
    }

    @Override
    public Component component() {
        return component;
    }

    @Override
    public AgentConfig config() {
        return config;
    }

    @Override
    public AgentState state() {
        return state;
    }

    Duration uptime() {
        return Duration.ofNanos(shared.time().nanos() - bornNanos);
    }

    /** The keys of the agent group that are always there. */
    Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("agent_id", component.id().toString());
        keys.put("agent_name", config.name());
        keys.put("agent_type", config.type());
        return keys;
    }

    /** The keys of the agent group at a transition. */
    Map<String, String> keys(String from, String to, String trigger) {
        Map<String, String> keys = keys();
        keys.put("from_state", from);
        keys.put("to_state", to);
        keys.put("trigger", trigger);
        return keys;
    }

    /** Brings the agent from nothing to ready. */
    void initialize(Caller caller) {
        try {
            InitView.Built built = operations.init().call(component, new InitView.Input(this, config), caller);
            config = built.config();
            brain = built.brain();
            entered(AgentState.READY, "start", caller);
        } catch (LlmSpellException failed) {
            if (state == AgentState.INITIALIZING) {
                entered(AgentState.ERROR, "start", caller);
            }
            throw failed;
        }
    }

    /** Makes what the agent is made of; the body of its initialisation. */
    InitView.Built built(AgentConfig wanted, Passage<ModelCall.Input, ModelResponse> models, Caller caller) {
        entered(AgentState.INITIALIZING, "start", caller);
        shared.tools().checkNames(wanted.tools(), caller);
        if (wanted.type().equals("basic")) {
            return new InitView.Built(wanted, new BasicBrain(wanted.name()));
        }
        Providers.Model model = shared.providers().resolve(wanted.model());
        return new InitView.Built(wanted, new LlmBrain(this, wanted, model, shared.tools(), models));
    }

    /** Shows a new state and reports it. */
    AgentImpl entered(AgentState next, String trigger, Caller caller) {
        AgentState before = state;
        state = next;
        shared.events().report("agent.state.changed", keys(before.id(), next.id(), trigger), component, caller);
        return this;
    }

    @Override
    public JsonObject run(JsonObject input, Caller caller) {
        RunView.checked(input);
        long started = shared.time().nanos();
        report("agent.run.started", Map.of("model", model()), caller);
        try {
            JsonObject output = turns.take(caller, () -> runInTurn(input, caller, started));
            report("agent.run.completed", completed(output), caller);
            return output;
        } catch (LlmSpellException failed) {
            report("agent.run.failed", Map.of("model", model(), "error", JsonErrors.object(failed)), caller);
            throw failed;
        }
    }

    private JsonObject runInTurn(JsonObject input, Caller caller, long started) {
        makeReady(caller);
        AtomicBoolean began = new AtomicBoolean();
        try {
            JsonObject output = operations.run().call(component, new RunView.Input(this, input, began), caller);
            if (began.get()) {
                entered(AgentState.READY, "run", caller);
            }
            recoveries = 0;
            long took = Duration.ofNanos(shared.time().nanos() - started).toMillis();
            return output.with("execution_time", took).with("metadata", metadata());
        } catch (LlmSpellException failed) {
            if (began.get()) {
                entered(harmless(failed) ? AgentState.READY : AgentState.ERROR, "run", caller);
            }
            throw failed;
        }
    }

    /** A veto and a cancellation say nothing against the agent. */
    private static boolean harmless(LlmSpellException failed) {
        return failed instanceof OperationCancelledException || failed instanceof CancelledException;
    }

    /** What the agent does in a run; the body of the operation. */
    JsonObject answer(RunView.Input input, Caller caller) {
        input.began().set(true);
        entered(AgentState.RUNNING, "run", caller);
        Brain made = Objects.requireNonNull(brain, "a run needs an initialised agent");
        return made.answer(
                input.json(), caller.as(new Principal.Agent(component.id().toString())));
    }

    /** Checks that a run may begin, after a recovery if the last one failed. */
    private void makeReady(Caller caller) {
        if (state == AgentState.ERROR) {
            recover(caller);
        }
        if (state != AgentState.READY) {
            throw invalidTransition(AgentState.RUNNING);
        }
    }

    private void recover(Caller caller) {
        if (recoveries == MOST_RECOVERIES) {
            throw LimitException.exceeded(
                    "max_recovery_attempts",
                    MOST_RECOVERIES + "",
                    "agent \"" + config.name()
                            + "\" failed again after each recovery; terminate it and make a new one");
        }
        int attempt = recoveries + 1;
        recoveries = attempt;
        JsonObject data = JsonObject.of("recovery_attempt", attempt, "max_attempts", MOST_RECOVERIES);
        try {
            operations
                    .recover()
                    .call(component, new TransitionView.Input(this, AgentState.RECOVERING, "run", data), caller);
            entered(AgentState.READY, "run", caller);
        } catch (LlmSpellException refused) {
            if (state == AgentState.RECOVERING) {
                entered(AgentState.ERROR, "run", caller);
            }
            throw refused;
        }
    }

    private AgentException invalidTransition(AgentState target) {
        AgentState from = state;
        List<String> allowed = Arrays.stream(AgentState.values())
                .filter(from::allows)
                .map(AgentState::id)
                .toList();
        return new AgentException(
                ErrorCode.INVALID_TRANSITION,
                "agent \"" + config.name() + "\" is " + from.id() + " and cannot become " + target.id()
                        + (allowed.isEmpty()
                                ? "; this state is final"
                                : "; it can become " + String.join(", ", allowed)),
                Map.of("agent", config.name(), "from", from.id(), "to", target.id(), "allowed", allowed),
                null);
    }

    @Override
    public Mono<JsonObject> runAsync(JsonObject input, Caller caller) {
        return Offload.mono(caller.token(), stop -> run(input, caller.limited(stop, caller.deadlineNanos())));
    }

    @Override
    public void terminate(Caller caller) {
        turns.take(caller, () -> {
            if (!state.allows(AgentState.TERMINATING)) {
                throw invalidTransition(AgentState.TERMINATING);
            }
            JsonObject data = JsonObject.of("reason", "terminate");
            operations
                    .terminate()
                    .call(component, new TransitionView.Input(this, AgentState.TERMINATING, "stop", data), caller);
            ended.run();
            return entered(AgentState.TERMINATED, "stop", caller);
        });
    }

    private String model() {
        Brain made = brain;
        return made == null ? config.model() : made.model();
    }

    private JsonObject metadata() {
        return JsonObject.of("agent_id", component.id().toString(), "agent_name", config.name());
    }

    private Map<String, @Nullable Object> completed(JsonObject output) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("model", model());
        members.put("token_usage", output.get("token_usage"));
        members.put("duration_ms", output.get("execution_time"));
        return members;
    }

    private void report(String type, Map<String, ? extends @Nullable Object> more, Caller caller) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>(keys());
        payload.putAll(more);
        shared.events().report(type, payload, component, caller);
    }
}
