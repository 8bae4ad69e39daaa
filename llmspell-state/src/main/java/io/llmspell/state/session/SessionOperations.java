package io.llmspell.state.session;

import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.session.Checkpoint;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.storage.Entry;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The operations of sessions, each through its hook point. */
final class SessionOperations {
    /** None of them can be answered without being done, and there is nothing else that could do it. */
    private static final Set<HookResultKind> RESULTS =
            EnumSet.complementOf(EnumSet.of(HookResultKind.REPLACE, HookResultKind.CACHE, HookResultKind.REDIRECT));

    private final SessionHouse house;
    private final Passage<SessionViews.Starting, SessionInfo> start;
    private final Passage<SessionViews.Checkpointing, Checkpoint> checkpoint;
    private final Passage<SessionViews.Restoring, Integer> restore;
    private final Passage<SessionViews.Ending, SessionInfo> end;

    SessionOperations(SessionHouse house, Gate gate) {
        this.house = house;
        SessionStarts starts = new SessionStarts(house);
        SessionCheckpoints checkpoints = new SessionCheckpoints(house);
        SessionEnds ends = new SessionEnds(house);
        start = gate.passage(of(HookPoint.SESSION_START, new SessionViews.OfStart())
                .run((input, caller) -> starts.start(input.row(), caller)));
        checkpoint = gate.passage(of(HookPoint.SESSION_CHECKPOINT, new SessionViews.OfCheckpoint())
                .run(checkpoints::make));
        restore = gate.passage(
                of(HookPoint.SESSION_RESTORE, new SessionViews.OfRestore()).run(checkpoints::restore));
        end = gate.passage(of(HookPoint.SESSION_END, new SessionViews.OfEnd()).run(ends::end));
    }

    private static <I extends SessionViews.Input, O> Operation.Builder<I, O> of(
            HookPoint point, SessionViews.Base<I, O> view) {
        return Operation.of(OperationKind.SESSION, view)
                .point(point, Step.Stage.BEFORE, RESULTS)
                .encloses();
    }

    SessionInfo start(SessionRow row, Caller caller) {
        return start.call(SessionStore.component(row.id()), new SessionViews.Starting(row), caller);
    }

    Checkpoint checkpoint(SessionViews.Checkpointing input, Caller caller) {
        return checkpoint.call(SessionStore.component(input.session()), input, caller);
    }

    int restore(String session, String checkpointId, List<Entry> records, List<String> keys, Caller caller) {
        return restore.call(
                SessionStore.component(session),
                new SessionViews.Restoring(session, checkpointId, records, keys),
                caller);
    }

    SessionInfo end(String session, Caller caller) {
        return end.call(SessionStore.component(session), new SessionViews.Ending(session, house, false), caller);
    }

    /** The end of a session that nobody has used for too long. */
    SessionInfo endIdle(String session, Caller caller) {
        return end.call(SessionStore.component(session), new SessionViews.Ending(session, house, true), caller);
    }
}
