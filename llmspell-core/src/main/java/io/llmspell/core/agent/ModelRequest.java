package io.llmspell.core.agent;

import io.llmspell.core.tool.ToolInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param model the model's name without its provider
 * @param messages the conversation; copied
 * @param tools the tools that the model may ask for; copied
 * @param temperature 0 to 2, or null for the model's default
 * @param maxTokens the largest answer, or null for the model's default
 */
public record ModelRequest(
        String model,
        List<ModelMessage> messages,
        List<ToolInfo> tools,
        @Nullable Double temperature,
        @Nullable Integer maxTokens) {
    /**
     * Copies the lists.
     *
     * @param model the model's name
     * @param messages the conversation
     * @param tools the tools
     * @param temperature 0 to 2, or null
     * @param maxTokens the largest answer, or null
     */
    public ModelRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }
}
