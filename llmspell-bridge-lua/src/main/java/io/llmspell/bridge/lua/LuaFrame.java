package io.llmspell.bridge.lua;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Varargs;

/**
 * One running call of a Lua function, linked to its caller.
 *
 * <p>Made for each call and never used again: a young object costs less than writing references into
 * an old one.
 */
final class LuaFrame {
    final ScriptFunction function;
    final LuaValue[] registers;

    /** The frame below; null at the bottom of a stack. */
    final @Nullable LuaFrame caller;

    /** How many frames there are up to this one. */
    final int depth;

    /** The register of the caller that takes the first result. */
    final short resultAt;

    /** How many results the caller takes; negative for all. */
    final short wanted;

    /** Arguments beyond the named ones; null for none. */
    @Nullable Varargs extra;

    @Nullable LuaCell openCells;

    /** The registers of variables that must be closed; null for none. */
    @Nullable BitSet closing;

    /** The instruction after the one that runs. */
    int pc;

    /** Whether a call in tail position replaced an earlier function here. */
    boolean isTail;

    /**
     * Set in the function of a pcall or xpcall, where errors end: the handler, nil for pcall; null in
     * all others.
     */
    @Nullable LuaValue handler;

    LuaFrame(ScriptFunction function, @Nullable LuaFrame caller, int resultAt, int wanted) {
        this.function = function;
        this.registers = new LuaValue[function.code.maxstacksize];
        this.caller = caller;
        this.depth = caller == null ? 1 : caller.depth + 1;
        this.resultAt = (short) resultAt;
        this.wanted = (short) wanted;
    }

    boolean isProtected() {
        return handler != null;
    }

    /** Returns the cell of {@code register}, the same for all closures made in this frame. */
    LuaCell cell(int register) {
        for (LuaCell cell = openCells; cell != null; cell = cell.next) {
            if (cell.register() == register) {
                return cell;
            }
        }
        LuaCell made = new LuaCell(registers, register);
        made.next = openCells;
        openCells = made;
        return made;
    }

    /** Closes the cells of the registers from {@code first} on. */
    void closeCells(int first) {
        LuaCell kept = null;
        LuaCell cell = openCells;
        while (cell != null) {
            LuaCell next = cell.next;
            if (cell.register() >= first) {
                cell.close();
            } else {
                cell.next = kept;
                kept = cell;
            }
            cell = next;
        }
        openCells = kept;
    }

    /** The line that runs, or -1 if the code does not tell. */
    int line() {
        Prototype code = function.code;
        int at = Math.max(pc - 1, 0);
        return code.lineinfo != null && at < code.lineinfo.length ? code.lineinfo[at] : -1;
    }
}
