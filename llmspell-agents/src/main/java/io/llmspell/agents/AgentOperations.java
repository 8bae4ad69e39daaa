package io.llmspell.agents;

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
    private final Passage<TransitionView.Input, AgentImpl> terminate;
    private final Passage<TransitionView.Input, AgentImpl> recover;

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
        terminate = gate.passage(Operation.of(OperationKind.AGENT_TRANSITION, new TransitionView())
                .point(HookPoint.BEFORE_AGENT_SHUTDOWN, Step.Stage.BEFORE, REFUSE_ONLY)
                .point(HookPoint.AFTER_AGENT_SHUTDOWN, Step.Stage.AFTER, HookPhase.NOTICE.results())
                .run((input, caller) -> input.agent().entered(input.target(), input.trigger(), caller)));
        recover = gate.passage(Operation.of(OperationKind.AGENT_TRANSITION, new TransitionView())
                .point(new HookPoint("agent_recovering"), Step.Stage.BEFORE, REFUSE_ONLY)
                .point(new HookPoint("agent_recovered"), Step.Stage.AFTER, REFUSE_ONLY)
                .run((input, caller) -> input.agent().entered(input.target(), input.trigger(), caller)));
    }

    Passage<InitView.Input, InitView.Built> init() {
        return init;
    }

    Passage<RunView.Input, JsonObject> run() {
        return run;
    }

    Passage<TransitionView.Input, AgentImpl> terminate() {
        return terminate;
    }

    Passage<TransitionView.Input, AgentImpl> recover() {
        return recover;
    }
}
