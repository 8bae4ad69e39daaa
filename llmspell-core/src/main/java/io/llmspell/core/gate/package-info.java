/**
 * The gate: how agents, tools, workflows, state and events describe their operations, and the one way to run them.
 * Not here: the hooks themselves ({@code io.llmspell.core.hook}) and the implementation ({@code llmspell-hooks}).
 * Start with {@link io.llmspell.core.gate.Operation}, then {@link io.llmspell.core.gate.Gate}.
 */
@NullMarked
package io.llmspell.core.gate;

import org.jspecify.annotations.NullMarked;
