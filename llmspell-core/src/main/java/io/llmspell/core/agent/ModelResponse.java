package io.llmspell.core.agent;

import java.util.List;

/**
 * What a model answers.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param text the answer; may be empty
 * @param toolCalls the tools that it asks for; copied
 * @param usage what the call used
 * @param finishReason such as {@code stop}, {@code tool_calls} or {@code length}
 */
public record ModelResponse(String text, List<ToolCall> toolCalls, TokenUsage usage, String finishReason) {
    /**
     * Copies the calls.
     *
     * @param text the answer
     * @param toolCalls the tools that it asks for
     * @param usage what the call used
     * @param finishReason why it ended
     */
    public ModelResponse {
        toolCalls = List.copyOf(toolCalls);
    }
}
