/**
 * For tests of hooks: a hook that records what it sees, and a context that needs no gate.
 * Not here: the gate itself, which is {@code llmspell-hooks}.
 * Start with {@link io.llmspell.testing.hook.RecordingHook}.
 */
@NullMarked
package io.llmspell.testing.hook;

import org.jspecify.annotations.NullMarked;
