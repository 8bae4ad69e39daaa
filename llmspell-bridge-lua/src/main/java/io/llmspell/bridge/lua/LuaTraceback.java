package io.llmspell.bridge.lua;

import java.util.ArrayList;
import java.util.List;
import org.luaj.vm2.Prototype;

/**
 * The Lua functions that were running, innermost first.
 *
 * @param lines such as {@code main.lua:12: in function 'total'}
 */
record LuaTraceback(List<String> lines) {
    private static final int FIRST = 10;
    private static final int LAST = 11;

    LuaTraceback {
        lines = List.copyOf(lines);
    }

    /** Describes {@code stack} from {@code skip} frames below its top; long stacks lose their middle. */
    static LuaTraceback of(LuaStack stack, int skip) {
        List<String> lines = new ArrayList<>();
        int count = Math.max(stack.depth() - skip, 0);
        int number = -skip;
        for (LuaFrame frame = stack.top; frame != null; frame = frame.caller, number++) {
            if (number < 0) {
                continue;
            }
            boolean isLeftOut = count > FIRST + LAST && number >= FIRST && number < count - LAST;
            if (!isLeftOut) {
                lines.add(describe(frame));
            } else if (number == FIRST) {
                lines.add("...(" + (count - FIRST - LAST) + " levels more)");
            }
        }
        return new LuaTraceback(lines);
    }

    /** The text {@code debug.traceback} gives. */
    String text() {
        StringBuilder text = new StringBuilder("stack traceback:");
        for (String line : lines) {
            text.append("\n\t").append(line);
        }
        return text.toString();
    }

    private static String describe(LuaFrame frame) {
        String where = LuaNames.position(frame) + "in ";
        Prototype code = frame.function.code;
        if (code.linedefined == 0) {
            return where + "main chunk";
        }
        LuaFrame caller = frame.caller;
        String name = frame.isTail || caller == null || frame.isProtected() ? null : LuaNames.calledAt(caller);
        return where + (name != null ? name : "function <" + LuaNames.chunk(code) + ":" + code.linedefined + ">");
    }
}
