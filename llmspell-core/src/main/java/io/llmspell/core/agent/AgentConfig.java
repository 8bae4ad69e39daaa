package io.llmspell.core.agent;

import io.llmspell.core.error.ArgumentException;
import java.util.List;

/**
 * What an agent is made of.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name its name, 1 to 128 characters
 * @param description what it is for; may be empty
 * @param type {@code llm} or {@code basic}
 * @param model {@code provider/model}; empty for a basic agent
 * @param systemPrompt what the model is told first; empty for the default
 * @param tools the tools that it may call, {@code *} for all; copied
 * @param maxIterations how often it may call the model in one run, at least 1
 * @param maxToolCalls how many tools it may call in one run, 0 or more
 * @param lifecycle the limits of its life
 * @param sampling how its model makes answers
 */
public record AgentConfig(
        String name,
        String description,
        String type,
        String model,
        String systemPrompt,
        List<String> tools,
        int maxIterations,
        int maxToolCalls,
        AgentLifecycle lifecycle,
        Sampling sampling) {
    /**
     * Checks and copies the members.
     *
     * @param name its name
     * @param description what it is for
     * @param type its type
     * @param model its model
     * @param systemPrompt what the model is told first
     * @param tools the tools that it may call
     * @param maxIterations how often it may call the model
     * @param maxToolCalls how many tools it may call
     * @param lifecycle the limits of its life
     * @param sampling how its model makes answers
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public AgentConfig {
        if (name.isBlank() || name.length() > 128) {
            throw new ArgumentException("agent name", name, "1 to 128 characters");
        }
        if (!type.equals("llm") && !type.equals("basic")) {
            throw new ArgumentException("agent type", type, "\"llm\" or \"basic\"");
        }
        if (maxIterations < 1 || maxToolCalls < 0) {
            throw new ArgumentException(
                    "agent limits", maxIterations + ", " + maxToolCalls, "at least 1 iteration and 0 tool calls");
        }
        tools = List.copyOf(tools);
    }

    /**
     * A builder with the defaults: a language model agent without tools, 25 iterations, 100 tool calls.
     *
     * @param name the agent's name
     * @return the builder
     */
    public static AgentConfigBuilder builder(String name) {
        return new AgentConfigBuilder(name);
    }
}
