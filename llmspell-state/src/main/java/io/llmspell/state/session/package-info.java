/**
 * Sessions over a state manager: their records, checkpoints, restores and ends.
 * Not here: artifacts, see {@code io.llmspell.state.artifact}, and the state of a session, see {@code io.llmspell.state}.
 * Start with {@link io.llmspell.state.session.Sessions}.
 */
@NullMarked
package io.llmspell.state.session;

import org.jspecify.annotations.NullMarked;
