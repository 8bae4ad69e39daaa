package io.llmspell.bridge.lua;

import io.llmspell.core.script.ScriptObject;
import org.luaj.vm2.LuaTable;

/** A thing of the host in Lua: a table that is empty itself and answers through its metatable. */
final class HandleTable extends LuaTable {
    private final ScriptObject object;

    HandleTable(ScriptObject object) {
        this.object = object;
    }

    ScriptObject object() {
        return object;
    }
}
