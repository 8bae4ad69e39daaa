package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaString;

/** Where a script's text goes: the bytes as the script made them, normally UTF-8. */
@FunctionalInterface
interface LuaOutput {
    /** Takes one piece of text; {@code print} sends its line end with it. */
    void write(LuaString text);
}
