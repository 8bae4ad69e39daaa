package io.llmspell.core.workflow;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow cannot be made or run; the codes of workflows.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class WorkflowException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error.
     *
     * @param code the code
     * @param text what is wrong, where and what would be right
     * @param details machine-readable members
     * @param cause the error below, if any
     */
    public WorkflowException(
            ErrorCode code, String text, Map<String, ? extends @Nullable Object> details, @Nullable Throwable cause) {
        super(code, text, details, cause);
    }
}
