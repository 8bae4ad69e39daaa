package io.llmspell.bridge.lua;

/**
 * What one sandbox may use.
 *
 * @param instructions interpreted instructions, native work being charged as such; 0 for no limit
 * @param memoryBytes bytes of live tables, strings and functions; 0 for no limit
 */
record LuaLimits(long instructions, long memoryBytes) {
    static final LuaLimits NONE = new LuaLimits(0, 0);
}
