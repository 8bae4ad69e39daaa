package io.llmspell.tools;

import io.llmspell.core.tool.ToolExecutor;
import io.llmspell.core.tool.ToolRegistry;

/**
 * The tools of one runtime: a registry that holds the built-in tools from the start, and the executor that calls them.
 *
 * <p>Everything goes through the gate that the builder was given: a tool call passes {@code ToolValidation}, the check
 * of its schema, {@code tool_parameter_validation}, the check of the caller's level, {@code tool_security_check},
 * {@code tool_resource_allocated}, {@code BeforeToolExecution}, the tool within its limits, {@code AfterToolExecution} or
 * {@code tool_timeout} and {@code ToolError}, and {@code tool_resource_released}.
 *
 * <p><b>Threads:</b> safe.
 */
public final class Tools {
    private final RegistryImpl registry;
    private final ExecutorImpl executor;

    Tools(RegistryImpl registry, ExecutorImpl executor) {
        this.registry = registry;
        this.executor = executor;
    }

    /**
     * Begins a set of tools.
     *
     * @return the builder
     */
    public static ToolsBuilder builder() {
        return new ToolsBuilder();
    }

    /**
     * Holds the tools.
     *
     * @return the registry
     */
    public ToolRegistry registry() {
        return registry;
    }

    /**
     * Calls the tools.
     *
     * @return the executor
     */
    public ToolExecutor executor() {
        return executor;
    }
}
