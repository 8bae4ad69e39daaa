/**
 * What ties several hooks or components together: features that switch hooks on and off as one, and chains of steps
 * that depend on each other.
 * Not here: the registry and the gate, which are in {@code io.llmspell.hooks}, and workflows, which last and are stored.
 * Start with {@link io.llmspell.hooks.coordination.SelectiveHooks} or
 * {@link io.llmspell.hooks.coordination.Coordinator}.
 */
@NullMarked
package io.llmspell.hooks.coordination;

import org.jspecify.annotations.NullMarked;
