/**
 * The tool registry, the executor that runs tools through the gate, and the tools that come with LlmSpell.
 * Not here: the contract that tool authors implement, which is in {@code io.llmspell.core.tool}.
 * Start with that contract, then read a tool of this artifact as a sample.
 */
@NullMarked
package io.llmspell.tools;

import org.jspecify.annotations.NullMarked;
