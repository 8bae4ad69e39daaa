package io.llmspell.core.tool;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool cannot be registered, called or failed; the codes of tools.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class ToolException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error.
     *
     * @param code the code
     * @param text what is wrong, where and what would be right
     * @param details machine-readable members
     * @param cause the error below, if any
     */
    public ToolException(
            ErrorCode code, String text, Map<String, ? extends @Nullable Object> details, @Nullable Throwable cause) {
        super(code, text, details, cause);
    }

    /**
     * Makes an error of a tool that ran and failed.
     *
     * @param text what went wrong and what would be right
     * @param kind one of {@code not_found}, {@code network}, {@code unsupported}, {@code io}, {@code parse},
     *     {@code external}
     * @return the error, code {@code tool_failed}
     */
    public static ToolException failed(String text, String kind) {
        return new ToolException(ErrorCode.TOOL_FAILED, text, Map.of("kind", kind), null);
    }
}
