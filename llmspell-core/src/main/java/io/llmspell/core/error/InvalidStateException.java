package io.llmspell.core.error;

import java.util.Map;

/**
 * An object was used in a state that does not allow it, such as a hook context after its operation has ended; code
 * {@code invalid_state}.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class InvalidStateException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error.
     *
     * @param text what was used, in which state, and what would be right
     */
    public InvalidStateException(String text) {
        super(ErrorCode.INVALID_STATE, text, Map.of(), null);
    }
}
