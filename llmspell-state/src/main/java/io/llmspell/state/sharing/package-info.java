/**
 * Channels: messages between agents, kept in state.
 * Not here: who may use which scope, see {@link io.llmspell.core.state.StateAccess}, and events, which nobody need take.
 * Start with {@link io.llmspell.state.sharing.Sharing}.
 */
@NullMarked
package io.llmspell.state.sharing;

import org.jspecify.annotations.NullMarked;
