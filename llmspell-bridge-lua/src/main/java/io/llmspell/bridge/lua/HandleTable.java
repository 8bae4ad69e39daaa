package io.llmspell.bridge.lua;

import io.llmspell.core.script.ScriptObject;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/** A thing of the host in Lua: a table that is empty itself and answers through its metatable. */
final class HandleTable extends LuaTable implements LiveSize.HeldValues {
    private final ScriptObject object;
    private @Nullable LuaTable shown;

    HandleTable(ScriptObject object) {
        this.object = object;
    }

    ScriptObject object() {
        return object;
    }

    /** The member that was shown before, or nil. */
    LuaValue shown(LuaValue name) {
        LuaTable members = shown;
        return members == null ? LuaValue.NIL : members.rawget(name);
    }

    /** Remembers a member that was made for this table. */
    void show(LuaValue name, LuaValue value) {
        LuaTable members = shown;
        if (members == null) {
            members = new ScriptTable();
            shown = members;
        }
        members.rawset(name, value);
    }

    @Override
    public void visit(LiveSize walk) {
        walk.add(shown);
        walk.add(getmetatable());
    }
}
