package io.llmspell.core.error;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A limit was reached or a deadline passed; codes {@code limit_exceeded} and {@code timeout}.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class LimitException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    private LimitException(ErrorCode code, String text, Map<String, @Nullable Object> details) {
        super(code, text, details, null);
    }

    /**
     * Makes an error for a limit of size, count, depth or work.
     *
     * @param limit the name of the limit
     * @param value the limit's value, with its unit
     * @param text what reached it and what would be right
     * @return the error, code {@code limit_exceeded}
     */
    public static LimitException exceeded(String limit, String value, String text) {
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("limit", limit);
        details.put("value", value);
        return new LimitException(ErrorCode.LIMIT_EXCEEDED, text + " (" + limit + " = " + value + ")", details);
    }

    /**
     * Makes an error for a deadline.
     *
     * @param what the operation that was too slow
     * @param limit the deadline as text, with its unit
     * @return the error, code {@code timeout}
     */
    public static LimitException timeout(String what, String limit) {
        return new LimitException(
                ErrorCode.TIMEOUT, what + " did not end within " + limit, new LinkedHashMap<>(Map.of("limit", limit)));
    }
}
