package io.llmspell.core.agent;

import io.llmspell.core.error.ArgumentException;
import org.jspecify.annotations.Nullable;

/**
 * How a model makes its answers.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param temperature 0 to 2, or null for the model's default
 * @param maxTokens the largest answer, at least 1, or null for the model's default
 */
public record Sampling(
        @Nullable Double temperature, @Nullable Integer maxTokens) {
    /** The defaults of the model. */
    public static final Sampling DEFAULT = new Sampling(null, null);

    /**
     * Checks the members.
     *
     * @param temperature 0 to 2, or null
     * @param maxTokens at least 1, or null
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public Sampling {
        if (temperature != null && !(temperature >= 0 && temperature <= 2)) {
            throw new ArgumentException("temperature of an agent", temperature.toString(), "0 to 2");
        }
        if (maxTokens != null && maxTokens < 1) {
            throw new ArgumentException("max_tokens of an agent", maxTokens.toString(), "at least 1");
        }
    }
}
