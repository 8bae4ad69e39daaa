package io.llmspell.bridge.lua;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;

/**
 * Names for messages: of chunks, and of the variable or function that an instruction works on.
 *
 * <p>Nothing here runs until an error is made. A name is found as in the reference implementation:
 * by looking back for the instruction that filled the register.
 */
final class LuaNames {
    private static final int MAX_CHUNK = 60;
    private static final int CONSTANT_BIT = 0x100;
    private static final int MAX_STEPS = 8;

    private LuaNames() {}

    /** The chunk as messages show it. */
    static String chunk(Prototype code) {
        return chunk(LuaText.toJavaLossy(code.source));
    }

    static String chunk(String source) {
        if (source.startsWith("=") || source.startsWith("@")) {
            return source.substring(1);
        }
        int lineEnd = source.indexOf('\n');
        String first = lineEnd < 0 ? source : source.substring(0, lineEnd);
        if (first.length() > MAX_CHUNK || lineEnd >= 0) {
            first = first.substring(0, Math.min(first.length(), MAX_CHUNK)) + "...";
        }
        return "[string \"" + first + "\"]";
    }

    /** Returns {@code chunk:line: } for what {@code frame} runs. */
    static String position(LuaFrame frame) {
        int line = frame.line();
        return chunk(frame.function.code) + ":" + (line < 0 ? "?" : Integer.toString(line)) + ": ";
    }

    /** Names the function that {@code frame} is calling, or null. */
    static @Nullable String calledAt(LuaFrame frame) {
        Prototype code = frame.function.code;
        int pc = frame.pc - 1;
        if (pc < 0) {
            return null;
        }
        int i = code.code[pc];
        switch (i & 0x3f) {
            case Lua.OP_CALL, Lua.OP_TAILCALL -> {
                String name = ofRegister(code, pc, a(i), 0);
                return name == null ? null : "function " + name.substring(name.indexOf(' ') + 1);
            }
            case Lua.OP_TFORCALL -> {
                return "for iterator";
            }
            default -> {
                return "metamethod";
            }
        }
    }

    /**
     * Describes the operand of the running instruction that holds {@code culprit}, such as
     * {@code (local 'x')}; empty if it cannot be told.
     */
    static String operand(@Nullable LuaFrame frame, LuaValue culprit) {
        if (frame == null || frame.pc < 1) {
            return "";
        }
        ScriptFunction function = frame.function;
        Prototype code = function.code;
        int pc = frame.pc - 1;
        int i = code.code[pc];
        String name = switch (i & 0x3f) {
            case Lua.OP_GETTABUP -> ofUpvalue(function, b(i), culprit);
            case Lua.OP_SETTABUP -> ofUpvalue(function, a(i), culprit);
            case Lua.OP_SETTABLE, Lua.OP_CALL, Lua.OP_TAILCALL, Lua.OP_TFORCALL -> ofHeld(frame, pc, a(i), culprit);
            case Lua.OP_GETTABLE, Lua.OP_SELF, Lua.OP_UNM, Lua.OP_LEN, LuaOp.BNOT -> ofHeld(frame, pc, b(i), culprit);
            case Lua.OP_CONCAT -> ofRange(frame, pc, b(i), c(i), culprit);
            default -> LuaOp.isArithmetic(i & 0x3f) ? ofEither(frame, pc, b(i), c(i), culprit) : null;
        };
        return name == null ? "" : " (" + name + ")";
    }

    /** The name of the variable in {@code register}. */
    static String local(LuaFrame frame, int register) {
        LuaString name = frame.function.code.getlocalname(register + 1, frame.pc);
        return name == null ? "?" : show(name);
    }

    private static @Nullable String ofUpvalue(ScriptFunction function, int index, LuaValue culprit) {
        return LuaMeta.isSame(function.cells[index].get(), culprit)
                ? "upvalue '" + upvalueName(function.code, index) + "'"
                : null;
    }

    private static @Nullable String ofEither(LuaFrame frame, int pc, int b, int c, LuaValue culprit) {
        String name = ofHeld(frame, pc, c, culprit);
        return name == null ? ofHeld(frame, pc, b, culprit) : name;
    }

    private static @Nullable String ofRange(LuaFrame frame, int pc, int first, int last, LuaValue culprit) {
        for (int register = first; register <= last; register++) {
            if (LuaMeta.isSame(frame.registers[register], culprit)) {
                return ofRegister(frame.function.code, pc, register, 0);
            }
        }
        return null;
    }

    private static @Nullable String ofHeld(LuaFrame frame, int pc, int register, LuaValue culprit) {
        Prototype code = frame.function.code;
        if ((register & CONSTANT_BIT) != 0) {
            LuaValue constant = code.k[register & 0xff];
            return LuaMeta.isSame(constant, culprit) && constant instanceof LuaString text
                    ? "constant '" + show(text) + "'"
                    : null;
        }
        return LuaMeta.isSame(frame.registers[register], culprit) ? ofRegister(code, pc, register, 0) : null;
    }

    private static @Nullable String ofRegister(Prototype code, int pc, int register, int steps) {
        LuaString local = code.getlocalname(register + 1, pc);
        if (local != null) {
            return "local '" + show(local) + "'";
        }
        int set = setBefore(code, pc, register);
        if (set < 0 || steps > MAX_STEPS) {
            return null;
        }
        int i = code.code[set];
        return switch (i & 0x3f) {
            case Lua.OP_MOVE -> b(i) < a(i) ? ofRegister(code, set, b(i), steps + 1) : null;
            case Lua.OP_GETTABUP ->
                (isEnvironment(upvalueName(code, b(i))) ? "global '" : "field '") + keyName(code, c(i)) + "'";
            case Lua.OP_GETTABLE -> "field '" + keyName(code, c(i)) + "'";
            case Lua.OP_GETUPVAL -> "upvalue '" + upvalueName(code, b(i)) + "'";
            case Lua.OP_LOADK -> code.k[i >>> 14] instanceof LuaString text ? "constant '" + show(text) + "'" : null;
            case Lua.OP_SELF -> "method '" + keyName(code, c(i)) + "'";
            default -> null;
        };
    }

    /** Finds the instruction before {@code last} that surely gave {@code register} its value, or -1. */
    private static int setBefore(Prototype code, int last, int register) {
        int found = -1;
        int jumpTarget = 0;
        for (int pc = 0; pc < last; pc++) {
            int i = code.code[pc];
            int a = a(i);
            boolean sets = switch (i & 0x3f) {
                case Lua.OP_LOADNIL -> a <= register && register <= a + b(i);
                case Lua.OP_TFORCALL -> register >= a + 2;
                case Lua.OP_CALL, Lua.OP_TAILCALL -> register >= a;
                case Lua.OP_TEST -> register == a;
                case Lua.OP_JMP -> false;
                default -> LuaOp.setsA(i & 0x3f) && register == a;
            };
            if ((i & 0x3f) == Lua.OP_JMP) {
                int target = pc + 1 + (i >>> 14) - 0x1ffff;
                if (pc < target && target <= last) {
                    jumpTarget = Math.max(jumpTarget, target);
                }
            }
            if (sets) {
                found = pc < jumpTarget ? -1 : pc;
            }
        }
        return found;
    }

    private static String keyName(Prototype code, int key) {
        return (key & CONSTANT_BIT) != 0 && code.k[key & 0xff] instanceof LuaString text ? show(text) : "?";
    }

    private static String upvalueName(Prototype code, int index) {
        LuaString name = code.upvalues[index].name;
        return name == null ? "?" : show(name);
    }

    private static boolean isEnvironment(String name) {
        return name.equals("_ENV");
    }

    private static String show(LuaString text) {
        String shown = LuaText.toJavaLossy(text);
        return shown.length() > MAX_CHUNK ? shown.substring(0, MAX_CHUNK) + "..." : shown;
    }

    private static int a(int i) {
        return (i >> 6) & 0xff;
    }

    private static int b(int i) {
        return i >>> 23;
    }

    private static int c(int i) {
        return (i >> 14) & 0x1ff;
    }
}
