package io.llmspell.core.identity;

import io.llmspell.core.error.ArgumentException;

/**
 * Ties everything together that one run caused.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param text a UUID or any 1 to 128 printable ASCII characters
 */
public record CorrelationId(String text) {
    /**
     * Checks the text.
     *
     * @param text the text
     * @throws ArgumentException {@code invalid_argument} if it is empty, longer than 128 characters or not printable
     */
    public CorrelationId {
        if (text.isEmpty() || text.length() > 128 || !text.chars().allMatch(c -> c > 32 && c < 127)) {
            throw new ArgumentException("correlation id", text, "a UUID or 1 to 128 printable ASCII characters");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
