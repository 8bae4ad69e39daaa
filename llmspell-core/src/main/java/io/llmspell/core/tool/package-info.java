/**
 * What a tool author needs: tools, their descriptions and results, the registry and the executor.
 * Not here: the tools themselves ({@code llmspell-tools}).
 * Start with {@link io.llmspell.core.tool.Tool}.
 */
@NullMarked
package io.llmspell.core.tool;

import org.jspecify.annotations.NullMarked;
