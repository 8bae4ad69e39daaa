package io.llmspell.state.session;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.state.Scope;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.state.RecordBatch;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions: first the record says so, so that nobody begins anything more, then all that belongs to the session goes,
 * then the record says that it is gone. Whoever finds a record between the two goes on with the cleaning.
 */
final class SessionEnds {
    private static final int MOST_TRIES = 10;

    private final SessionHouse house;

    SessionEnds(SessionHouse house) {
        this.house = house;
    }

    SessionInfo end(SessionViews.Ending input, Caller caller) {
        String session = input.session();
        long keys = house.scopes().count(Scope.session(session));
        for (int tries = 1; ; tries++) {
            SessionStore.Found found = house.store().active(session, "its end");
            SessionRow ended = found.row().ended(house.now());
            RecordBatch batch = house.store().replacing(found.revision(), ended, caller.correlation());
            Map<String, @Nullable Object> payload = SessionStore.payload(session);
            payload.put("keys", keys);
            if (input.idle()) {
                payload.put("reason", SessionViews.Ending.IDLE);
            }
            batch.add(new Write.Delete(Space.SESSIONS, SessionKeys.used(session)));
            batch.event("session.ended", payload, SessionStore.component(session), caller);
            Commit commit = batch.commit();
            if (commit instanceof Commit.Done || tries == MOST_TRIES) {
                commit.orThrow();
                clean(ended, caller);
                return ended.info();
            }
        }
    }

    /** Removes all that belongs to an ended session, if that has to go; can be repeated. */
    void clean(SessionRow ended, Caller caller) {
        if (ended.cleaned()) {
            return;
        }
        house.contents().get().remove(ended.id(), caller);
        house.scopes().clear(Scope.session(ended.id()), caller);
        for (int tries = 1; ; tries++) {
            SessionStore.Found found = house.store().get(ended.id());
            if (found.row().cleaned()) {
                return; // whoever looked after left-overs was faster
            }
            RecordBatch batch =
                    house.store().replacing(found.revision(), found.row().emptied(), caller.correlation());
            batch.add(new Write.DeleteRange(Space.SESSIONS, Range.prefix(SessionKeys.checkpoints(ended.id()))));
            Commit commit = batch.commit();
            if (commit instanceof Commit.Done || tries == MOST_TRIES) {
                commit.orThrow();
                return;
            }
        }
    }
}
