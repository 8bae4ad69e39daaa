package io.llmspell.state.session;

import io.llmspell.core.identity.Caller;
import java.util.List;

/**
 * What belongs to sessions beside their state and ends with them: their artifacts.
 *
 * <p><b>Threads:</b> safe.
 */
public interface SessionContents {
    /** Nothing. */
    SessionContents NONE = new SessionContents() {
        @Override
        public List<String> ids(String sessionId) {
            return List.of();
        }

        @Override
        public void remove(String sessionId, Caller caller) {}
    };

    /**
     * What ends with a session.
     *
     * @param sessionId the session
     * @return the ids
     */
    List<String> ids(String sessionId);

    /**
     * Removes it.
     *
     * @param sessionId the session
     * @param caller on whose behalf
     */
    void remove(String sessionId, Caller caller);
}
