package io.llmspell.bridge.lua;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaValue;

/**
 * A variable that closures share: a register while its function runs, a value of its own after.
 */
final class LuaCell {
    /** The next open cell of the same frame. */
    @Nullable LuaCell next;

    private LuaValue[] home;
    private int index;

    LuaCell(LuaValue[] registers, int index) {
        this.home = registers;
        this.index = index;
    }

    static LuaCell of(LuaValue value) {
        return new LuaCell(new LuaValue[] {value}, 0);
    }

    LuaValue get() {
        return home[index];
    }

    void set(LuaValue value) {
        home[index] = value;
    }

    /** The register the open cell stands for. */
    int register() {
        return index;
    }

    /** Takes the value out of the registers, which are used again. */
    void close() {
        home = new LuaValue[] {home[index]};
        index = 0;
        next = null;
    }
}
