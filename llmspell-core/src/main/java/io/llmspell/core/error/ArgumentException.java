package io.llmspell.core.error;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An argument of a call is missing, has the wrong type or is out of range; code {@code invalid_argument}.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class ArgumentException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error for one argument.
     *
     * @param what the argument, as its user knows it
     * @param value the value that was given, already safe to show
     * @param wanted what would be right
     */
    public ArgumentException(String what, String value, String wanted) {
        super(
                ErrorCode.INVALID_ARGUMENT,
                what + " is \"" + shorten(value) + "\", but must be " + wanted,
                Map.of("argument", what),
                null);
    }

    /**
     * Makes an error with a text of its own.
     *
     * @param text the whole message
     */
    public ArgumentException(String text) {
        super(ErrorCode.INVALID_ARGUMENT, text, Map.of(), null);
    }

    /**
     * Refuses what is missing, where a caller in another language or without null checks may leave it out.
     *
     * @param value the value, or null
     * @param what what it is, such as {@code hook name}
     * @param wanted what it must be, such as {@code 1 to 128 characters}
     * @param <T> its type
     * @return the value
     * @throws ArgumentException {@code invalid_argument} if it is null
     */
    public static <T> T given(@Nullable T value, String what, String wanted) {
        if (value == null) {
            throw new ArgumentException(what, "null", wanted);
        }
        return value;
    }

    private static String shorten(String value) {
        return value.length() <= 80 ? value : value.substring(0, 77) + "...";
    }
}
