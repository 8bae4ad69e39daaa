package io.llmspell.state.session;

import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.time.TimeSource;
import io.llmspell.state.StateScopes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * What all operations of sessions need.
 *
 * @param store the records
 * @param scopes the state
 * @param contents what else ends with a session
 * @param time the clock
 * @param ids makes ids
 */
record SessionHouse(
        SessionStore store, StateScopes scopes, Supplier<SessionContents> contents, TimeSource time, IdGenerator ids) {
    Instant now() {
        return time.now().truncatedTo(ChronoUnit.MILLIS);
    }

    String nextId() {
        return ids.next().toString();
    }
}
