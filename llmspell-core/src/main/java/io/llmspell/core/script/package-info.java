/**
 * Scripts: the SPI of script engines, and the description of globals that every engine renders.
 * Not here: the globals themselves ({@code llmspell-bridge}) and the engines ({@code llmspell-bridge-lua}).
 * Start with {@link io.llmspell.core.script.ScriptEngine}, {@link io.llmspell.core.script.ScriptModule} and
 * {@link io.llmspell.core.script.ScriptCall}.
 */
@NullMarked
package io.llmspell.core.script;

import org.jspecify.annotations.NullMarked;
