package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;

/**
 * What one model call used, or may use at most, as a price sees it.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param provider the provider, empty if the model's name has none
 * @param model the model's name without its provider
 * @param inputTokens tokens sent, cached ones included, not negative
 * @param outputTokens tokens received, not negative
 * @param cachedTokens those of the input that the provider had cached, at most {@code inputTokens}
 * @param duration how long the call took
 */
public record ModelUse(
        String provider, String model, long inputTokens, long outputTokens, long cachedTokens, Duration duration) {
    /**
     * Checks the counts.
     *
     * @param provider the provider
     * @param model the model
     * @param inputTokens tokens sent
     * @param outputTokens tokens received
     * @param cachedTokens those of the input that were cached
     * @param duration how long the call took
     * @throws ArgumentException {@code invalid_argument} if a count is negative or more is cached than was sent
     */
    public ModelUse {
        if (inputTokens < 0 || outputTokens < 0 || cachedTokens < 0 || cachedTokens > inputTokens) {
            throw new ArgumentException(
                    "token usage",
                    inputTokens + " in, " + outputTokens + " out, " + cachedTokens + " cached",
                    "counts of 0 or more, and no more cached than sent");
        }
    }

    /**
     * All tokens of the call.
     *
     * @return input and output together
     */
    public long totalTokens() {
        return inputTokens + outputTokens;
    }
}
