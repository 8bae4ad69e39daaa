package io.llmspell.core.agent;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What an agent remembers from run to run: its conversation, its variables, what it has used; and its record in the store.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@link #save}, {@link #load} and {@link #delete} give {@code invalid_state} if
 * the agents were made without a store, and what {@link AgentStore} gives.
 */
public interface AgentMemory {
    /**
     * The record as it would be saved now.
     *
     * @return the record
     */
    AgentRecord snapshot();

    /**
     * The agent's variables.
     *
     * @return JSON values by name
     */
    JsonObject variables();

    /**
     * Sets a variable.
     *
     * @param name its name
     * @param value a JSON value; null takes the variable out
     * @throws io.llmspell.core.json.JsonValueException if the value is none, or all variables together are larger than
     *     1 MiB
     */
    void setVariable(String name, @Nullable Object value);

    /**
     * Saves the agent under its name; when it returns, the record is as durable as the write mode of the store.
     *
     * @param caller on whose behalf
     */
    void save(Caller caller);

    /**
     * Puts back what was saved under the agent's name: conversation, variables and figures, not the configuration. A run
     * in progress ends first.
     *
     * @param caller on whose behalf
     * @return whether there was a record
     */
    boolean load(Caller caller);

    /**
     * Removes the record that is kept under the agent's name; the agent itself remembers what it did.
     *
     * @param caller on whose behalf
     * @return whether there was one
     */
    boolean delete(Caller caller);
}
