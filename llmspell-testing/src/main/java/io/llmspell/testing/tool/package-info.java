/**
 * Tests of tools: the contract that every tool keeps, and a tool that does what a test says.
 * Not here: the tests of single operations, which stand beside their tool.
 * Start with {@link io.llmspell.testing.tool.ToolContract}.
 */
@NullMarked
package io.llmspell.testing.tool;

import org.jspecify.annotations.NullMarked;
