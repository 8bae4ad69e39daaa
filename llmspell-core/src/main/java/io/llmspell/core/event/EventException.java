package io.llmspell.core.event;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event, pattern or subscription is wrong or was refused; the codes of events.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class EventException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error.
     *
     * @param code the code
     * @param text what is wrong, where and what would be right
     * @param details machine-readable members
     * @param cause the error below, if any
     */
    public EventException(
            ErrorCode code, String text, Map<String, ? extends @Nullable Object> details, @Nullable Throwable cause) {
        super(code, text, details, cause);
    }

    /**
     * Makes an error without details.
     *
     * @param code the code
     * @param text what is wrong, where and what would be right
     */
    public EventException(ErrorCode code, String text) {
        this(code, text, Map.of(), null);
    }
}
