package io.llmspell.agents;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.AgentLife;
import io.llmspell.core.agent.AgentMemory;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Offload;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One agent: what it is made of, the turns of its runs, its events.
 *
 * <p>{@code config} and {@code brain} are written by whoever builds the agent, {@code active} by the thread of the run;
 * all are read by others, hence volatile. No lock is held while hooks, models or tools run.
 */
final class AgentImpl implements Agent {
    private final Component component;
    private final Shared shared;
    private final AgentOperations operations;
    private final Turns turns;
    private final AgentBreaker breaker;
    private final Runnable ended;
    private final Lifecycle states;
    private final AgentLifeImpl life;
    private final Memory memory;
    private final Saver saver;
    private final AgentMemory shownMemory;
    private final long bornNanos;
    private volatile AgentConfig config;
    private volatile @Nullable Brain brain;
    private volatile @Nullable AgentRun active;

    AgentImpl(
            AgentConfig config,
            Component component,
            Shared shared,
            AgentOperations operations,
            AgentBreaker breaker,
            Runnable ended) {
        this.breaker = breaker;
        this.config = config;
        this.component = component;
        this.shared = shared;
        this.operations = operations;
        this.ended = ended;
        this.turns = new Turns(config.name(), shared.awaiter(), shared.time());
        this.bornNanos = shared.time().nanos();
        this.states = new Lifecycle(config.name(), component, shared, breaker, this::keys);
        this.life = new AgentLifeImpl(this, states, shared, operations);
        this.memory = new Memory(shared.time());
        this.saver = new Saver(this, memory, shared);
        this.shownMemory = new AgentMemoryImpl(this, memory, saver);
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
        return states.state();
    }

    @Override
    public AgentLife life() {
        return life;
    }

    @Override
    public AgentMemory memory() {
        return shownMemory;
    }

    /** What it remembers, for its own parts. */
    Memory remembered() {
        return memory;
    }

    Saver saver() {
        return saver;
    }

    /** The record as it would be saved now. */
    Memory.Snapshot snapshot() {
        return memory.snapshot(keys(), InitView.shown(config), executionState());
    }

    private String executionState() {
        return switch (state()) {
            case PAUSED -> "suspended";
            case ERROR -> "failed";
            case TERMINATED -> "completed";
            default -> active == null ? "idle" : "processing";
        };
    }

    /** Does something while no run is in progress. */
    <T> T betweenRuns(Caller caller, Supplier<T> work) {
        saver.refuseHalted(state() == AgentState.PAUSED && active != null);
        return turns.take(caller, work);
    }

    Duration uptime() {
        return Duration.ofNanos(shared.time().nanos() - bornNanos);
    }

    /** The keys of the agent group that are always there. */
    Map<String, String> keys() {
        return keys(Map.of());
    }

    /** The keys of the agent group, and more. */
    Map<String, String> keys(Map<String, String> more) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("agent_id", component.id().toString());
        keys.put("agent_name", config.name());
        keys.put("agent_type", config.type());
        keys.putAll(more);
        return keys;
    }

    /** The run in progress, or null. */
    @Nullable AgentRun active() {
        return active;
    }

    // ---- how it is built ----

    /** Builds the agent through the hooks of its initialisation. */
    void build(Caller caller) {
        InitView.Built built = operations.init().call(component, new InitView.Input(this, config), caller);
        config = built.config();
        brain = built.brain();
    }

    /** Builds what a failed initialisation has left out. */
    void rebuild(Caller caller) {
        if (brain == null) {
            brain = made(config, operations.model(), caller).brain();
        }
    }

    boolean isBuilt() {
        return brain != null;
    }

    /** Makes what the agent is made of; the body of its initialisation. */
    InitView.Built built(AgentConfig wanted, Passage<ModelCall.Input, ModelResponse> models, Caller caller) {
        states.show(AgentState.INITIALIZING, Cause.START, caller);
        return made(wanted, models, caller);
    }

    private InitView.Built made(AgentConfig wanted, Passage<ModelCall.Input, ModelResponse> models, Caller caller) {
        shared.tools().checkNames(wanted.tools(), caller);
        if (wanted.type().equals("basic")) {
            return new InitView.Built(wanted, new BasicBrain(wanted.name(), memory, shared.time()));
        }
        Providers.Model model = shared.providers().resolve(wanted.model());
        return new InitView.Built(wanted, new LlmBrain(this, wanted, model, shared, models));
    }

    /** Says that the agent is no more. */
    void forgotten() {
        saver.end();
        ended.run();
    }

    // ---- runs ----

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
        return breaker.guard(() -> runReady(input, caller, started));
    }

    private JsonObject runReady(JsonObject input, Caller caller, long started) {
        Lifecycle.Slot slot = states.enter(config.lifecycle().maxTransitionTime(), caller);
        AgentRun run = new AgentRun(caller, shared.awaiter(), slot, life::pauseNow);
        try {
            AgentState before = startable();
            JsonObject output = passed(run, before, input);
            life.wentWell();
            long took = Duration.ofNanos(shared.time().nanos() - started).toMillis();
            return output.with("execution_time", took).with("metadata", metadata());
        } finally {
            states.leave(run.take(null));
            run.end();
        }
    }

    private JsonObject passed(AgentRun run, AgentState before, JsonObject input) {
        try {
            JsonObject output = operations.run().call(component, new RunView.Input(this, input, run), run.caller());
            left(run, before, null);
            return output;
        } catch (LlmSpellException failed) {
            left(run, before, failed);
            throw failed;
        }
    }

    /** Shows how a run has left the agent, unless somebody else decides that. */
    private void left(AgentRun run, AgentState before, @Nullable LlmSpellException failed) {
        if (!run.began() || run.abandoned() || states.state() != AgentState.RUNNING) {
            return;
        }
        if (failed != null && !harmless(failed)) {
            life.entersError(failed, Cause.RUN, run.caller());
        } else if (before != AgentState.RUNNING) {
            states.show(before, Cause.RUN, run.caller());
        }
    }

    /** A veto and a cancellation say nothing against the agent. */
    private static boolean harmless(LlmSpellException failed) {
        return failed instanceof OperationCancelledException || failed instanceof CancelledException;
    }

    /** What the agent does in a run; the body of the operation, which a hook may repeat. */
    JsonObject answer(RunView.Input input, Caller caller) {
        AgentRun run = input.run();
        Lifecycle.Slot slot = run.begin();
        active = run;
        if (states.state() == AgentState.READY) {
            states.show(AgentState.RUNNING, Cause.RUN, caller);
        }
        states.leave(slot);
        Brain made = Objects.requireNonNull(brain, "a run needs an initialised agent");
        Caller inside = caller.as(new Principal.Agent(component.id().toString()));
        try {
            return made.answer(input.json(), inside, run);
        } finally {
            run.take(atEnd(run, caller));
            active = null;
            run.settleWish();
        }
    }

    /** The slot for the end of a run; without it if the transition in progress goes on too long. */
    private Lifecycle.@Nullable Slot atEnd(AgentRun run, Caller caller) {
        try {
            return run.abandoned()
                    ? null
                    : states.enterForEnd(config.lifecycle().maxTransitionTime(), caller);
        } catch (LlmSpellException late) {
            return null;
        }
    }

    /** Brings the agent where a run may begin: builds it, or recovers it if the last run failed. */
    private void makeReady(Caller caller) {
        if (state() == AgentState.UNINITIALIZED) {
            life.initialize(caller);
        }
        if (state() == AgentState.ERROR && config.lifecycle().autoRecovery()) {
            life.recover(Cause.RUN, caller);
        }
    }

    private AgentState startable() {
        AgentState present = state();
        if (present == AgentState.PAUSED) {
            throw new AgentException(
                    ErrorCode.INVALID_TRANSITION,
                    "agent \"" + config.name() + "\" is paused and takes no run; resume or stop it first",
                    Map.of("agent", config.name(), "from", "paused", "to", "running"),
                    null);
        }
        if (present != AgentState.READY && present != AgentState.RUNNING) {
            throw states.invalid(AgentState.RUNNING);
        }
        return present;
    }

    @Override
    public Mono<JsonObject> runAsync(JsonObject input, Caller caller) {
        return Offload.mono(caller.token(), stop -> run(input, caller.limited(stop, caller.deadlineNanos())));
    }

    @Override
    public void terminate(Caller caller) {
        life.terminate(caller);
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
        if (output.get("cost") != null) {
            members.put("cost", output.get("cost"));
        }
        members.put("duration_ms", output.get("execution_time"));
        return members;
    }

    private void report(String type, Map<String, ? extends @Nullable Object> more, Caller caller) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>(keys());
        payload.putAll(more);
        shared.events().report(type, payload, component, caller);
    }
}
