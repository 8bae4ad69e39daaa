package io.llmspell.agents;

import io.llmspell.core.agent.AgentState;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.json.JsonObject;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The operations of agents, resolved once for all agents of a runtime. */
final class AgentOperations {
    /** A transition has no output that a hook could give, and no input but its reason. */
    private static final Set<HookResultKind> REFUSE_ONLY =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL);

    private static final Set<HookResultKind> CHANGE_OR_REFUSE =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL, HookResultKind.MODIFIED);

    private final Passage<InitView.Input, InitView.Built> init;
    private final Passage<RunView.Input, JsonObject> run;
    private final Passage<ModelCall.Input, ModelResponse> model;
    private final Map<String, Passage<TransitionView.Input, AgentState>> transitions = new HashMap<>();
    private final Passage<TransitionView.Input, AgentState> fail;

    AgentOperations(Gate gate, Shared shared) {
        model = gate.passage(new ModelCall(shared.providers(), shared.awaiter()).operation());
        init = gate.passage(Operation.of(OperationKind.AGENT_INIT, new InitView())
                .point(HookPoint.BEFORE_AGENT_INIT, Step.Stage.BEFORE, CHANGE_OR_REFUSE)
                .point(HookPoint.AFTER_AGENT_INIT, Step.Stage.AFTER, REFUSE_ONLY)
                .point(HookPoint.AGENT_ERROR, Step.Stage.ERROR, REFUSE_ONLY)
                .run((input, caller) -> input.agent().built(input.config(), model, caller)));
        run = gate.passage(Operation.of(OperationKind.AGENT_RUN, new RunView())
                .before(HookPoint.BEFORE_AGENT_EXECUTION)
                .after(HookPoint.AFTER_AGENT_EXECUTION)
                .error(HookPoint.AGENT_ERROR)
                .encloses()
                .run((input, caller) -> input.agent().answer(input, caller)));
        fail = gate.passage(Operation.of(OperationKind.AGENT_TRANSITION, new TransitionView())
                .point(HookPoint.AGENT_ERROR, Step.Stage.ERROR, HookPhase.NOTICE.results())
                .run((input, caller) -> {
                    throw Objects.requireNonNull(input.error());
                }));
        transitions(gate);
    }

    /** The table of transitions with their points in order; those of runs and of the beginning have their own operations. */
    private void transitions(Gate gate) {
        HookPoint paused = new HookPoint("agent_paused");
        HookPoint resumed = new HookPoint("agent_resumed");
        on(gate, AgentState.READY, AgentState.RUNNING, HookPoint.BEFORE_AGENT_EXECUTION);
        on(gate, AgentState.READY, AgentState.PAUSED, paused);
        on(gate, AgentState.RUNNING, AgentState.READY, HookPoint.AFTER_AGENT_EXECUTION);
        on(gate, AgentState.RUNNING, AgentState.PAUSED, paused, HookPoint.AFTER_AGENT_EXECUTION);
        on(gate, AgentState.PAUSED, AgentState.READY, resumed);
        on(gate, AgentState.PAUSED, AgentState.RUNNING, resumed, HookPoint.BEFORE_AGENT_EXECUTION);
        on(gate, AgentState.ERROR, AgentState.RECOVERING, new HookPoint("agent_recovering"));
        on(gate, AgentState.RECOVERING, AgentState.READY, new HookPoint("agent_recovered"));
        for (AgentState from : AgentState.values()) {
            if (from.allows(AgentState.TERMINATING)) {
                on(gate, from, AgentState.TERMINATING, HookPoint.BEFORE_AGENT_SHUTDOWN);
            }
            if (from.allows(AgentState.TERMINATED)) {
                on(gate, from, AgentState.TERMINATED, HookPoint.AFTER_AGENT_SHUTDOWN);
            }
        }
    }

    private void on(Gate gate, AgentState from, AgentState to, HookPoint... points) {
        Operation.Builder<TransitionView.Input, AgentState> operation =
                Operation.of(OperationKind.AGENT_TRANSITION, new TransitionView());
        for (HookPoint point : points) {
            HookPhase phase = point.info().phase();
            operation.point(
                    point,
                    phase == HookPhase.AFTER ? Step.Stage.AFTER : Step.Stage.BEFORE,
                    phase == HookPhase.NOTICE ? HookPhase.NOTICE.results() : REFUSE_ONLY);
        }
        transitions.put(name(from, to), gate.passage(operation.run((input, caller) -> input.target())));
    }

    private static String name(AgentState from, AgentState to) {
        return from.id() + ">" + to.id();
    }

    Passage<InitView.Input, InitView.Built> init() {
        return init;
    }

    Passage<RunView.Input, JsonObject> run() {
        return run;
    }

    Passage<ModelCall.Input, ModelResponse> model() {
        return model;
    }

    /** The points of a transition that the table has. */
    Passage<TransitionView.Input, AgentState> transition(AgentState from, AgentState to) {
        return Objects.requireNonNull(transitions.get(name(from, to)), () -> name(from, to));
    }

    /** The notice of entering the error state; gives back the error that it tells. */
    Passage<TransitionView.Input, AgentState> fail() {
        return fail;
    }
}
