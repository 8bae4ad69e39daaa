/**
 * The records of agents: saved in small parts, so that a save writes what is new, and read back with their checksums.
 * Not here: when an agent is saved, which its own module decides.
 * Start with {@link io.llmspell.state.agent.AgentStores}.
 */
@NullMarked
package io.llmspell.state.agent;

import org.jspecify.annotations.NullMarked;
