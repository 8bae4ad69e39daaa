/**
 * The global objects of scripts, each described once for all languages.
 * Not here: how an engine renders a description.
 * Start with {@link io.llmspell.bridge.globals.Globals} and {@code StateGlobal}, the simplest of them.
 */
@NullMarked
package io.llmspell.bridge.globals;

import org.jspecify.annotations.NullMarked;
