package io.llmspell.core.session;

import io.llmspell.core.identity.Caller;
import java.util.List;
import java.util.Optional;

/**
 * Starts, finds and lists sessions.
 *
 * <p>Each run, known by its correlation id, has a current session: the one that it started last and has not finished, or
 * else one of its own. <b>Threads:</b> safe. <b>Errors:</b> as {@link Session}; {@code invalid_state} after
 * {@link #close}.
 */
public interface SessionManager extends AutoCloseable {
    /**
     * Starts a session, which is then the current one of the caller's run. It lasts until it is finished, also beyond the
     * end of the process.
     *
     * @param options what is wanted
     * @param caller on whose behalf
     * @return the session
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded} if 10,000 sessions of this process go on
     */
    Session start(SessionOptions options, Caller caller);

    /**
     * The current session of the caller's run.
     *
     * @param caller whose run it is
     * @return the session, or empty if the run has none yet
     */
    Optional<Session> current(Caller caller);

    /**
     * The current session of the caller's run; if it has none, one of its own is made, which ends with the run.
     *
     * @param caller whose run it is
     * @return the session
     */
    Session ofRun(Caller caller);

    /**
     * Ends the run: the session of its own is finished, and none is current any more. Sessions that the run has started go
     * on. What cannot be cleaned up now is cleaned up when the next manager opens.
     *
     * @param caller whose run it is
     */
    void endRun(Caller caller);

    /**
     * Finds a session.
     *
     * @param id its id
     * @param caller on whose behalf
     * @return the session, active or ended
     * @throws SessionException {@code session_not_found}
     */
    Session get(String id, Caller caller);

    /**
     * The sessions that the caller may use, ended ones too as far as their records are kept.
     *
     * @param caller on whose behalf
     * @return their records in the order in which they were started
     */
    List<SessionInfo> list(Caller caller);

    /** Refuses further calls. Idempotent. */
    @Override
    void close();
}
