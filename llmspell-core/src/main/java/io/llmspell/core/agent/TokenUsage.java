package io.llmspell.core.agent;

/**
 * What a model call used.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param inputTokens tokens sent
 * @param outputTokens tokens received
 * @param cachedTokens how many of the tokens sent the provider had kept from an earlier call, at most all of them
 */
public record TokenUsage(long inputTokens, long outputTokens, long cachedTokens) {
    /** Nothing used. */
    public static final TokenUsage NONE = new TokenUsage(0, 0);

    /**
     * Makes a usage; more cached tokens than were sent are all of them.
     *
     * @param inputTokens tokens sent
     * @param outputTokens tokens received
     * @param cachedTokens how many of the tokens sent were kept from an earlier call
     */
    public TokenUsage {
        cachedTokens = Math.max(0, Math.min(inputTokens, cachedTokens));
    }

    /**
     * A usage of which nothing was kept from an earlier call.
     *
     * @param inputTokens tokens sent
     * @param outputTokens tokens received
     */
    public TokenUsage(long inputTokens, long outputTokens) {
        this(inputTokens, outputTokens, 0);
    }

    /**
     * Sent and received together.
     *
     * @return the sum
     */
    public long totalTokens() {
        return inputTokens + outputTokens;
    }

    /**
     * The sum of two usages.
     *
     * @param other the other
     * @return the sum
     */
    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(
                inputTokens + other.inputTokens, outputTokens + other.outputTokens, cachedTokens + other.cachedTokens);
    }
}
