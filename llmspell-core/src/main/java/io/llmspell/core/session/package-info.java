/**
 * Sessions: spans of work with state of their own, checkpoints of it, and an end that cleans up.
 * Not here: the state itself, see {@code io.llmspell.core.state}, and the implementation, see {@code llmspell-state}.
 * Start with {@link io.llmspell.core.session.SessionManager}.
 */
@NullMarked
package io.llmspell.core.session;

import org.jspecify.annotations.NullMarked;
