package io.llmspell.core.agent;

/**
 * What a model call used.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param inputTokens tokens sent
 * @param outputTokens tokens received
 */
public record TokenUsage(long inputTokens, long outputTokens) {
    /** Nothing used. */
    public static final TokenUsage NONE = new TokenUsage(0, 0);

    /**
     * Both together.
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
        return new TokenUsage(inputTokens + other.inputTokens, outputTokens + other.outputTokens);
    }
}
