package io.llmspell.core.error;

import java.util.Map;

/**
 * Wraps a fault that no coded error describes; code {@code internal}.
 *
 * <p>Its text is generic on purpose: the cause may hold secrets. <b>Threads:</b> immutable.
 */
public final class InternalException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error.
     *
     * @param where the component and operation that failed
     * @param cause the fault
     */
    public InternalException(String where, Throwable cause) {
        super(
                ErrorCode.INTERNAL,
                where + " failed with " + name(cause) + "; the log has the cause",
                Map.of("type", name(cause)),
                cause);
    }

    private static String name(Throwable cause) {
        String simple = cause.getClass().getSimpleName();
        return simple.isEmpty() ? cause.getClass().getName() : simple; // an anonymous class has no simple name
    }

    /**
     * Gives a coded error for any throwable: coded errors pass, everything else is wrapped.
     *
     * @param where the component and operation that failed
     * @param fault the fault
     * @return the fault itself if it is coded, else an {@code InternalException} around it
     */
    public static LlmSpellException coded(String where, Throwable fault) {
        return fault instanceof LlmSpellException coded ? coded : new InternalException(where, fault);
    }
}
