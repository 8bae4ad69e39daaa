package io.llmspell.core.concurrent;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.Map;

/**
 * An operation was stopped by its cancellation token; code {@code cancelled}.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class CancelledException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error.
     *
     * @param what the operation that was stopped
     */
    public CancelledException(String what) {
        super(ErrorCode.CANCELLED, what + " was cancelled by its caller", Map.of(), null);
    }
}
