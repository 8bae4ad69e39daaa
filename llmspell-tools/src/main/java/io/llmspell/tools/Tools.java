package io.llmspell.tools;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.tool.ToolExecutor;
import io.llmspell.core.tool.ToolRegistry;
import org.jspecify.annotations.Nullable;

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
public final class Tools implements AutoCloseable {
    private final RegistryImpl registry;
    private final ExecutorImpl executor;
    private final @Nullable FigureKeeper figures;

    Tools(RegistryImpl registry, ExecutorImpl executor, @Nullable FigureKeeper figures) {
        this.registry = registry;
        this.executor = executor;
        this.figures = figures;
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

    /**
     * How often a tool was called, in this process and those before it.
     *
     * @param tool its name
     * @return the figures
     * @throws InvalidStateException {@code invalid_state} if the builder got no state manager
     * @throws io.llmspell.core.tool.ToolException {@code tool_not_found}
     */
    public ToolFigures figures(String tool) {
        FigureKeeper keeper = figures;
        if (keeper == null) {
            throw new InvalidStateException(
                    "these tools keep no figures; give a state manager to Tools.builder().statistics(...)");
        }
        return keeper.figures(registry.entry(tool).info().name());
    }

    /** Writes the figures that are not written yet; the tools themselves stay usable. */
    @Override
    public void close() {
        FigureKeeper keeper = figures;
        if (keeper != null) {
            keeper.close();
        }
    }
}
