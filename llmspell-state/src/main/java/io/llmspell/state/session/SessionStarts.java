package io.llmspell.state.session;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.state.RecordBatch;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the marker of a session that begins. */
final class SessionStarts {
    private final SessionHouse house;

    SessionStarts(SessionHouse house) {
        this.house = house;
    }

    /** The metadata may be that of a hook. */
    SessionInfo start(SessionRow wanted, Caller caller) {
        SessionRow row = wanted.with(house.store().masked(wanted.info().metadata()));
        RecordBatch batch = house.store().replacing(0, row, caller.correlation());
        Map<String, @Nullable Object> payload = SessionStore.payload(row.id());
        if (row.info().name() != null) {
            payload.put("name", row.info().name());
        }
        if (row.info().parentId() != null) {
            payload.put("parent_id", row.info().parentId());
        }
        batch.event("session.started", payload, SessionStore.component(row.id()), caller);
        batch.commit().orThrow();
        return row.info();
    }
}
