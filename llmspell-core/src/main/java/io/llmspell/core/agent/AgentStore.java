package io.llmspell.core.agent;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the records of agents, each under the agent's name, across restarts.
 *
 * <p>What is done with one agent's record is done one after the other, in the order in which it was asked for; different
 * agents never wait for each other. An agent may use its own record alone. <b>Threads:</b> safe; no lock is held while
 * hooks run. <b>Errors:</b> each method may give {@code access_denied}, {@code operation_cancelled} by a hook,
 * {@code invalid_key} if the name cannot be one, and any code of the store.
 */
public interface AgentStore {
    /**
     * Saves the present record of an agent in one batch; of a conversation only what is new is written. When it returns
     * the record is as durable as the write mode of the store.
     *
     * @param agent the agent
     * @param present gives the record; asked when it is this save's turn, so that no save replaces a later record
     * @param caller on whose behalf
     * @return the version of the commit
     * @throws io.llmspell.core.json.JsonValueException {@code value_too_large}
     */
    long save(Component agent, Supplier<AgentRecord> present, Caller caller);

    /**
     * Reads the record of an agent.
     *
     * @param agent the agent; its name decides
     * @param caller on whose behalf
     * @return the record, or empty if none is kept
     * @throws io.llmspell.core.storage.StorageException {@code store_corrupt} if a checksum does not fit
     */
    Optional<AgentRecord> load(Component agent, Caller caller);

    /**
     * Removes the record of an agent.
     *
     * @param agent the agent; its name decides
     * @param caller on whose behalf
     * @return whether there was one
     */
    boolean delete(Component agent, Caller caller);

    /**
     * The names of the agents that have a record.
     *
     * @param caller on whose behalf; agents may not list
     * @return the names in order
     */
    List<String> names(Caller caller);
}
