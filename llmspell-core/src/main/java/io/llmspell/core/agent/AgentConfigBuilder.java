package io.llmspell.core.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link AgentConfig}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class AgentConfigBuilder {
    private final String name;
    private String description = "";
    private String type = "llm";
    private String model = "";
    private String systemPrompt = "";
    private List<String> tools = List.of();
    private int maxIterations = 25;
    private int maxToolCalls = 100;
    private @Nullable AgentLifecycle lifecycle;
    private Sampling sampling = Sampling.DEFAULT;

    AgentConfigBuilder(String name) {
        this.name = name;
    }

    /**
     * Says what the agent is for.
     *
     * @param text the description
     * @return this builder
     */
    public AgentConfigBuilder description(String text) {
        this.description = text;
        return this;
    }

    /**
     * Sets the type.
     *
     * @param text {@code llm} (the default) or {@code basic}
     * @return this builder
     */
    public AgentConfigBuilder type(String text) {
        this.type = text;
        return this;
    }

    /**
     * Sets the model.
     *
     * @param text {@code provider/model}
     * @return this builder
     */
    public AgentConfigBuilder model(String text) {
        this.model = text;
        return this;
    }

    /**
     * Sets what the model is told first.
     *
     * @param text the prompt
     * @return this builder
     */
    public AgentConfigBuilder systemPrompt(String text) {
        this.systemPrompt = text;
        return this;
    }

    /**
     * Sets the tools that the agent may call.
     *
     * @param names their names, {@code *} for all
     * @return this builder
     */
    public AgentConfigBuilder tools(List<String> names) {
        this.tools = List.copyOf(names);
        return this;
    }

    /**
     * Sets how often a run may call the model.
     *
     * @param count at least 1; default 25
     * @return this builder
     */
    public AgentConfigBuilder maxIterations(int count) {
        this.maxIterations = count;
        return this;
    }

    /**
     * Sets how many tools a run may call.
     *
     * @param count 0 or more; default 100
     * @return this builder
     */
    public AgentConfigBuilder maxToolCalls(int count) {
        this.maxToolCalls = count;
        return this;
    }

    /**
     * Sets the limits of the agent's life.
     *
     * @param limits the limits; default {@link AgentLifecycle#LLM}, for a basic agent {@link AgentLifecycle#BASIC}
     * @return this builder
     */
    public AgentConfigBuilder lifecycle(AgentLifecycle limits) {
        this.lifecycle = limits;
        return this;
    }

    /**
     * Sets how the model makes answers.
     *
     * @param how temperature and largest answer; default {@link Sampling#DEFAULT}
     * @return this builder
     */
    public AgentConfigBuilder sampling(Sampling how) {
        this.sampling = how;
        return this;
    }

    /**
     * Makes the configuration.
     *
     * @return the configuration
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a member is out of range
     */
    public AgentConfig build() {
        AgentLifecycle usual = type.equals("basic") ? AgentLifecycle.BASIC : AgentLifecycle.LLM;
        return new AgentConfig(
                name,
                description,
                type,
                model,
                systemPrompt,
                tools,
                maxIterations,
                maxToolCalls,
                lifecycle == null ? usual : lifecycle,
                sampling);
    }
}
