package io.llmspell.bridge.lua;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The calls of one coroutine, or of the main program, on the heap: depth costs no Java stack. */
final class LuaStack {
    private static final int FRAME_BYTES = 80;

    /** The running frame; null when nothing runs. */
    @Nullable LuaFrame top;

    /** The frames up to this one belong to callers beyond native code; null for none. */
    @Nullable LuaFrame floor;

    /** The values of the last open result list, and the register they begin at. */
    Varargs open = LuaValue.NONE;

    int openAt;

    /** The coroutine this stack belongs to; the main program has one too. */
    final LuaCoroutine coroutine;

    LuaStack(LuaCoroutine coroutine) {
        this.coroutine = coroutine;
    }

    LuaFrame topFrame() {
        LuaFrame now = top;
        if (now == null) {
            throw new AssertionError("no Lua function runs on this stack");
        }
        return now;
    }

    int depth() {
        return top == null ? 0 : top.depth;
    }

    /** Removes all frames above {@code below}. */
    void cutTo(@Nullable LuaFrame below) {
        for (LuaFrame frame = top; frame != null && frame != below; frame = frame.caller) {
            if (frame.openCells != null) {
                frame.closeCells(0);
            }
            top = frame.caller;
        }
    }

    void visit(LiveSize walk) {
        for (LuaFrame frame = top; frame != null; frame = frame.caller) {
            walk.addBytes(FRAME_BYTES + 4L * frame.registers.length);
            for (LuaValue value : frame.registers) {
                walk.add(value);
            }
            walk.add(frame.function);
            walk.addAll(frame.extra);
            walk.add(frame.handler);
        }
        walk.addAll(open);
    }
}
