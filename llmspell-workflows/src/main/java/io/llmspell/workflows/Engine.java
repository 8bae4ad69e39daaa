package io.llmspell.workflows;

import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.time.TimeSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Passage<RunView.Input, JsonObject> whole;
    private final Passage<NoticeView.Input, JsonObject> boundaries;
    private final Passage<NoticeView.Input, JsonObject> changes;
    private final Passage<TransitionView.Input, String> transitions;
    private final Passage<SharedDataView.Input, Outcome> sharedData;
    private final Passage<RollbackView.Input, JsonArray> rollbacks;
    private final Passage<CheckpointView.Input, Long> checkpoint;
    private final Notices notices;
    private final @Nullable CheckpointStore checkpoints;

    /** The runs in progress; safe for threads, who puts a run in takes it out. */
    private final Set<String> active = ConcurrentHashMap.newKeySet();

    /** A write and a compensation are done here or not at all. */
    private static final Set<HookResultKind> NO_ANSWER =
            EnumSet.complementOf(EnumSet.of(HookResultKind.REPLACE, HookResultKind.CACHE, HookResultKind.REDIRECT));

    private static final Set<HookResultKind> REFUSE =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL);

    Engine(
            Gate gate,
            EventReporter events,
            TimeSource time,
            IdGenerator ids,
            StepRunner runner,
            @Nullable Function<Caller, ? extends StateReader> state,
            @Nullable StateManager kept) {
        this.events = events;
        this.time = time;
        this.ids = ids;
        this.state = state;
        this.checkpoints = kept == null ? null : new CheckpointStore(kept, active);
        runs = gate.passage(Operation.of(OperationKind.WORKFLOW_RUN, new RunView())
                .before(HookPoint.BEFORE_WORKFLOW_START)
                .check("kept", (input, caller) -> input.run().kept(input, caller))
                .point(RunView.STARTED, Step.Stage.BEFORE, HookPhase.NOTICE.results())
                .after(HookPoint.AFTER_WORKFLOW_COMPLETE)
                .error(HookPoint.WORKFLOW_ERROR)
                .encloses()
                .run((input, caller) -> input.run().execute(input.json(), caller)));
        whole = gate.passage(Operation.of(OperationKind.WORKFLOW_TRANSITION, new WholeView())
                .last(WholeView.STATE_CHANGE)
                .last(WholeView.COMPLETE)
                .run((input, caller) -> input.run().whole(input, caller)));
        steps = gate.passage(Operation.of(OperationKind.WORKFLOW_STEP, new StepView())
                .before(HookPoint.BEFORE_WORKFLOW_STAGE)
                .after(HookPoint.AFTER_WORKFLOW_STAGE)
                .error(HookPoint.WORKFLOW_ERROR)
                .encloses()
                .run(runner::run));
        boundaries = notice(gate, NoticeView.BOUNDARY);
        changes = notice(gate, WholeView.STATE_CHANGE);
        transitions = gate.passage(Operation.of(OperationKind.WORKFLOW_TRANSITION, new TransitionView())
                .before(HookPoint.WORKFLOW_STAGE_TRANSITION)
                .run((input, caller) -> input.to()));
        sharedData = gate.passage(Operation.of(OperationKind.WORKFLOW_TRANSITION, new SharedDataView())
                .point(SharedDataView.POINT, Step.Stage.BEFORE, NO_ANSWER)
                .run((input, caller) -> input.run().written(input, caller)));
        rollbacks = gate.passage(Operation.of(OperationKind.WORKFLOW_TRANSITION, new RollbackView())
                .point(HookPoint.WORKFLOW_ROLLBACK, Step.Stage.BEFORE, NO_ANSWER)
                .encloses()
                .run(Compensation::run));
        checkpoint = gate.passage(Operation.of(OperationKind.WORKFLOW_TRANSITION, new CheckpointView())
                .point(HookPoint.WORKFLOW_CHECKPOINT, Step.Stage.BEFORE, REFUSE)
                .run((input, caller) -> input.progress().keep(caller)));
        notices = new Notices(gate, events);
    }

    private static Passage<NoticeView.Input, JsonObject> notice(Gate gate, HookPoint point) {
        return gate.passage(Operation.of(OperationKind.WORKFLOW_TRANSITION, new NoticeView())
                .point(point, Step.Stage.BEFORE, HookPhase.NOTICE.results())
                .run((input, caller) -> input.data()));
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

    /** A run with its compensation, to its very end. */
    Passage<RunView.Input, JsonObject> whole() {
        return whole;
    }

    Passage<NoticeView.Input, JsonObject> boundaries() {
        return boundaries;
    }

    /** Changes of the status but the last one, which belongs to the whole. */
    Passage<NoticeView.Input, JsonObject> changes() {
        return changes;
    }

    Passage<SharedDataView.Input, Outcome> sharedData() {
        return sharedData;
    }

    Passage<RollbackView.Input, JsonArray> rollbacks() {
        return rollbacks;
    }

    Passage<CheckpointView.Input, Long> checkpoint() {
        return checkpoint;
    }

    /** Where runs are kept, or null. */
    @Nullable CheckpointStore checkpoints() {
        return checkpoints;
    }

    Set<String> active() {
        return active;
    }

    Notices notices() {
        return notices;
    }

    Passage<TransitionView.Input, String> transitions() {
        return transitions;
    }
}
