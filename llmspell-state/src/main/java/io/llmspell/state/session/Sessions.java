package io.llmspell.state.session;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.session.SessionException;
import io.llmspell.core.session.SessionManager;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;

/**
 * Makes session managers.
 *
 * <p><b>Threads:</b> safe.
 */
public final class Sessions {
    private Sessions() {}

    /**
     * Begins a manager.
     *
     * @return the builder
     */
    public static SessionsBuilder builder() {
        return new SessionsBuilder();
    }

    /**
     * Ties a batch to a session: it commits only if the session has not ended or otherwise changed meanwhile.
     *
     * @param manager a manager that was made here
     * @param id the session
     * @param caller on whose behalf
     * @return a part of the batch
     * @throws SessionException {@code session_not_found}, {@code session_closed}
     * @throws ArgumentException {@code invalid_argument} if somebody else made the manager
     */
    public static Write whileActive(SessionManager manager, String id, Caller caller) {
        if (manager instanceof SessionManagerImpl own) {
            own.get(id, caller);
            SessionStore.Found found = own.used(id, "storing in it");
            return new Write.Expect(Space.SESSIONS, SessionKeys.session(id), found.revision());
        }
        throw new ArgumentException(
                "session manager", manager.getClass().getName(), "one that io.llmspell.state.session has made");
    }
}
