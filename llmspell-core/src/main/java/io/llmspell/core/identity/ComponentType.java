package io.llmspell.core.identity;

import io.llmspell.core.error.ArgumentException;

/**
 * The kind of a component: one of the four that the house knows, or a name of the user's own.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name the name, 1 to 64 characters
 */
public record ComponentType(String name) {
    /** An agent. */
    public static final ComponentType AGENT = new ComponentType("agent");
    /** A tool. */
    public static final ComponentType TOOL = new ComponentType("tool");
    /** A workflow. */
    public static final ComponentType WORKFLOW = new ComponentType("workflow");
    /** A part of the runtime. */
    public static final ComponentType SYSTEM = new ComponentType("system");

    /**
     * Checks the name.
     *
     * @param name the name
     * @throws ArgumentException {@code invalid_argument} if it is blank or longer than 64 characters
     */
    public ComponentType {
        if (name.isBlank() || name.length() > 64) {
            throw new ArgumentException("component type", name, "1 to 64 characters");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
