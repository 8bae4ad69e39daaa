/**
 * The tools that come with LlmSpell; each is a sample to copy.
 * Not here: how tools are checked and called, see {@code io.llmspell.tools}.
 * Start with {@link io.llmspell.tools.builtin.CalculatorTool}.
 */
@NullMarked
package io.llmspell.tools.builtin;

import org.jspecify.annotations.NullMarked;
