/**
 * Stand-ins for the gate, for tests of modules that hand operations to it.
 * Not here: anything that runs hooks; that is {@code llmspell-hooks}.
 * Start with {@link io.llmspell.testing.gate.PassThroughGate}.
 */
@NullMarked
package io.llmspell.testing.gate;

import org.jspecify.annotations.NullMarked;
