/**
 * What stands between the modules and the scripts: configuration, the description of the script globals, values
 * that cross languages.
 * Not here: the script engines, which are artifacts of their own and render that description, and {@code
 * io.llmspell.LlmSpell}, the face for embedders.
 * Start with {@code io.llmspell.LlmSpell} to see how the parts are put together.
 */
@NullMarked
package io.llmspell.bridge;

import org.jspecify.annotations.NullMarked;
