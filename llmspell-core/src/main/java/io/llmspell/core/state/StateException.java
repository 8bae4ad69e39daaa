package io.llmspell.core.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key, scope or change of state is wrong or was refused; the codes of state.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class StateException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error.
     *
     * @param code the code
     * @param text what is wrong, where and what would be right
     * @param details machine-readable members
     * @param cause the error below, if any
     */
    public StateException(
            ErrorCode code, String text, Map<String, ? extends @Nullable Object> details, @Nullable Throwable cause) {
        super(code, text, details, cause);
    }

    /**
     * Makes an error without details.
     *
     * @param code the code
     * @param text what is wrong, where and what would be right
     */
    public StateException(ErrorCode code, String text) {
        this(code, text, Map.of(), null);
    }
}
