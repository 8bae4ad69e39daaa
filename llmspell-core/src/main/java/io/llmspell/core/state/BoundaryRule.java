package io.llmspell.core.state;

import org.jspecify.annotations.Nullable;

/**
 * A program's own decision on what an agent may use beyond its own scope.
 *
 * <p><b>Threads:</b> must be safe; called on the thread of the operation, with no lock held. What it throws counts as no.
 */
@FunctionalInterface
public interface BoundaryRule {
    /**
     * Decides on one operation; asked anew each time.
     *
     * @param agent the agent's id
     * @param scope the scope, not the agent's own
     * @param operation what the agent is about to do
     * @param key the key, or null if the operation concerns the whole scope
     * @return whether it may; if not, a grant still can allow it
     */
    boolean allows(String agent, Scope scope, StateOperation operation, @Nullable String key);
}
