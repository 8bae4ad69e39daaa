package io.llmspell.core.error;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of every error that LlmSpell raises on purpose; each family of errors has one subtype.
 *
 * <p>The message says what was wrong, with which value, where, and what would be right; it ends with the code in
 * brackets. <b>Threads:</b> immutable but for the stack trace.
 */
public abstract class LlmSpellException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The stable code. */
    private final transient ErrorCode code;

    /** The message without the code. */
    private final String text;

    /** Machine-readable members, JSON values only. */
    private final transient Map<String, @Nullable Object> details;

    /**
     * Makes an error.
     *
     * @param code the stable code
     * @param text what, which value, where, what would be right
     * @param details machine-readable members, JSON values only; copied
     * @param cause the error below, if any
     */
    protected LlmSpellException(
            ErrorCode code, String text, Map<String, ? extends @Nullable Object> details, @Nullable Throwable cause) {
        super(text + " [" + code.id() + "]", cause);
        this.code = code;
        this.text = Objects.requireNonNull(text, "text");
        this.details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /**
     * The stable code.
     *
     * @return the code
     */
    public final ErrorCode code() {
        return code;
    }

    /**
     * The message without the code in brackets.
     *
     * @return the text
     */
    public final String text() {
        return text;
    }

    /**
     * Machine-readable members of the error.
     *
     * @return an unmodifiable map of JSON values, never null
     */
    public final Map<String, @Nullable Object> details() {
        return details;
    }
}
