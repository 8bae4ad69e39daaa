package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Varargs;

/** A function written in Lua: its code and its variables, bound to the machine that runs it. */
final class ScriptFunction extends LuaFunction {
    final Prototype code;
    final LuaCell[] cells;

    private final LuaMachine machine;
    private int seenBy;

    ScriptFunction(LuaMachine machine, Prototype code) {
        this.machine = machine;
        this.code = code;
        this.cells = new LuaCell[code.upvalues.length];
    }

    /** Makes the function of a whole chunk, whose one variable is its environment. */
    static ScriptFunction ofChunk(LuaMachine machine, Prototype code, LuaValue environment) {
        ScriptFunction chunk = new ScriptFunction(machine, code);
        for (int i = 0; i < chunk.cells.length; i++) {
            chunk.cells[i] = LuaCell.of(i == 0 ? environment : NIL);
        }
        return chunk;
    }

    boolean markSeen(int number) {
        if (seenBy == number) {
            return false;
        }
        seenBy = number;
        return true;
    }

    void visit(LiveSize walk) {
        walk.addBytes(cells.length * 40L);
        for (LuaCell cell : cells) {
            walk.add(cell.get());
        }
    }

    @Override
    public LuaValue call() {
        return invoke(NONE).arg1();
    }

    @Override
    public LuaValue call(LuaValue arg) {
        return invoke(arg).arg1();
    }

    @Override
    public LuaValue call(LuaValue arg1, LuaValue arg2) {
        return invoke(varargsOf(arg1, arg2)).arg1();
    }

    @Override
    public LuaValue call(LuaValue first, LuaValue second, LuaValue third) {
        return invoke(varargsOf(first, second, third)).arg1();
    }

    @Override
    public Varargs invoke(Varargs args) {
        return machine.callScript(this, args);
    }

    @Override
    public String tojstring() {
        return "function: " + Integer.toHexString(System.identityHashCode(this));
    }
}
