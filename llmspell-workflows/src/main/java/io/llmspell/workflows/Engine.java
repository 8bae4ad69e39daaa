package io.llmspell.workflows;

import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.time.TimeSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What all workflows of a runtime share: the operations, resolved once, and the parts that they use. */
final class Engine {
    private final EventReporter events;
    private final TimeSource time;
    private final IdGenerator ids;
    private final @Nullable Function<Caller, ? extends StateReader> state;
    private final Passage<RunView.Input, JsonObject> runs;
    private final Passage<StepView.Input, StepOutput> steps;
    private final Passage<BoundaryView.Input, String> boundaries;
    private final Passage<TransitionView.Input, String> transitions;

    Engine(
            Gate gate,
            EventReporter events,
            TimeSource time,
            IdGenerator ids,
            StepRunner runner,
            @Nullable Function<Caller, ? extends StateReader> state) {
        this.events = events;
        this.time = time;
        this.ids = ids;
        this.state = state;
        runs = gate.passage(Operation.of(OperationKind.WORKFLOW_RUN, new RunView())
                .before(HookPoint.BEFORE_WORKFLOW_START)
                .point(RunView.STARTED, Step.Stage.BEFORE, HookPhase.NOTICE.results())
                .after(HookPoint.AFTER_WORKFLOW_COMPLETE)
                .error(HookPoint.WORKFLOW_ERROR)
                .last(RunView.COMPLETE)
                .encloses()
                .run((input, caller) -> input.run().execute(input.json(), caller)));
        steps = gate.passage(Operation.of(OperationKind.WORKFLOW_STEP, new StepView())
                .before(HookPoint.BEFORE_WORKFLOW_STAGE)
                .after(HookPoint.AFTER_WORKFLOW_STAGE)
                .error(HookPoint.WORKFLOW_ERROR)
                .encloses()
                .run(runner::run));
        boundaries = gate.passage(Operation.of(OperationKind.WORKFLOW_STEP, new BoundaryView())
                .point(BoundaryView.BOUNDARY, Step.Stage.BEFORE, HookPhase.NOTICE.results())
                .run((input, caller) -> input.phase()));
        transitions = gate.passage(Operation.of(OperationKind.WORKFLOW_STEP, new TransitionView())
                .before(HookPoint.WORKFLOW_STAGE_TRANSITION)
                .run((input, caller) -> input.to()));
    }

    EventReporter events() {
        return events;
    }

    TimeSource time() {
        return time;
    }

    IdGenerator ids() {
        return ids;
    }

    @Nullable StateReader state(Caller caller) {
        return state == null ? null : state.apply(caller);
    }

    Passage<RunView.Input, JsonObject> runs() {
        return runs;
    }

    Passage<StepView.Input, StepOutput> steps() {
        return steps;
    }

    Passage<BoundaryView.Input, String> boundaries() {
        return boundaries;
    }

    Passage<TransitionView.Input, String> transitions() {
        return transitions;
    }
}
