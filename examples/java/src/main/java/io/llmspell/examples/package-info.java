/**
 * Runnable examples of LlmSpell in Java, each with its output beside it.
 * Not here: examples in Lua, which are in {@code examples/lua}.
 * Start with {@link io.llmspell.examples.Embedding}.
 */
@NullMarked
package io.llmspell.examples;

import org.jspecify.annotations.NullMarked;
