package io.llmspell.core.tool;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.identity.Caller;
import java.util.List;
import java.util.Optional;

/**
 * Holds all tools.
 *
 * <p><b>Threads:</b> safe.
 */
public interface ToolRegistry {
    /**
     * Adds a tool.
     *
     * @param tool the tool
     * @return a handle that removes it
     * @throws ToolException {@code tool_exists} if the name is taken, {@code invalid_schema} if its schema is wrong
     */
    Handle register(Tool tool);

    /**
     * Finds a tool; {@code -} and {@code _} are alike.
     *
     * @param name its name
     * @return the tool, or empty
     */
    Optional<Tool> find(String name);

    /**
     * Lists tools, through the discovery hooks.
     *
     * @param query part of a name, description or category; empty for all
     * @param caller on whose behalf
     * @return descriptions in the order of the names
     */
    List<ToolInfo> discover(String query, Caller caller);
}
