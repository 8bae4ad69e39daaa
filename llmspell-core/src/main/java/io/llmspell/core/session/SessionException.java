package io.llmspell.core.session;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session is not there, or has ended; the codes of sessions.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class SessionException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    private SessionException(ErrorCode code, String text, Map<String, ? extends @Nullable Object> details) {
        super(code, text, details, null);
    }

    /**
     * The error of an id that no session has.
     *
     * @param id the id
     * @return the error, code {@code session_not_found}
     */
    public static SessionException notFound(String id) {
        String shown = id.length() > 80 ? id.substring(0, 77) + "..." : id;
        return new SessionException(
                ErrorCode.SESSION_NOT_FOUND,
                "no session has the id \"" + shown + "\"; the ids are those of the list of sessions",
                Map.of("session_id", shown));
    }

    /**
     * The error of a call on a session that has ended.
     *
     * @param id its id
     * @param call what was asked of it
     * @return the error, code {@code session_closed}
     */
    public static SessionException closed(String id, String call) {
        return new SessionException(
                ErrorCode.SESSION_CLOSED,
                "session " + id + " has ended, so " + call + " is no longer possible; start a new one",
                Map.of("session_id", id));
    }
}
