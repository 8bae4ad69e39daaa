package io.llmspell.core.agent;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent cannot be made or run, or its model failed; the codes of agents.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class AgentException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error.
     *
     * @param code the code
     * @param text what is wrong, where and what would be right
     * @param details machine-readable members
     * @param cause the error below, if any
     */
    public AgentException(
            ErrorCode code, String text, Map<String, ? extends @Nullable Object> details, @Nullable Throwable cause) {
        super(code, text, details, cause);
    }

    /**
     * Makes an error without details.
     *
     * @param code the code
     * @param text what is wrong, where and what would be right
     */
    public AgentException(ErrorCode code, String text) {
        this(code, text, Map.of(), null);
    }
}
