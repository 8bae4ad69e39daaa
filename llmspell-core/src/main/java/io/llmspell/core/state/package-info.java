/**
 * State: scoped, typed, versioned values and the views through which callers reach them.
 * Not here: the bytes below, see {@code io.llmspell.core.storage}.
 * Start with {@link io.llmspell.core.state.StateManager}, {@link io.llmspell.core.state.Scope} and
 * {@link io.llmspell.core.state.StateKey}.
 */
@NullMarked
package io.llmspell.core.state;

import org.jspecify.annotations.NullMarked;
