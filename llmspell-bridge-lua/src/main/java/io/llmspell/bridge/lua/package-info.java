/**
 * The Lua script engine: LuaJ's interpreter with a library, limits and a box of our own.
 * Not here: what the globals do, which {@code io.llmspell.bridge} describes once for all engines.
 * Start with the contracts in {@code io.llmspell.core.script}; this package implements them, and is the only one
 * that imports {@code org.luaj}.
 */
@NullMarked
package io.llmspell.bridge.lua;

import org.jspecify.annotations.NullMarked;
