package io.llmspell.bridge.lua;

import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.MathLib;

/** Compiles source text to functions, under the guard of the sandbox it is for. */
final class LuaChunks {
    private static final Pattern LOCATED = Pattern.compile("\\?:(\\d+): (.*)", Pattern.DOTALL);

    static {
        // LuaJ's compiler folds powers of constants with an approximation of its own unless told better.
        new ExactPowers();
    }

    private final LuaMachine machine;
    private final ScriptTable globals;

    LuaChunks(LuaMachine machine, ScriptTable globals) {
        this.machine = machine;
        this.globals = globals;
    }

    ScriptTable globals() {
        return globals;
    }

    /**
     * Compiles {@code text}.
     *
     * @param source the chunk's name by Lua's rules: {@code @file}, {@code =name} or the text itself
     * @throws LuaSyntaxException if it is not Lua
     */
    ScriptFunction load(byte[] text, String source, LuaValue environment) throws LuaSyntaxException {
        LuaSource checked = LuaSource.of(LuaNames.chunk(source), text);
        Prototype code = compile(checked);
        setSource(code, LuaText.of(source));
        return ScriptFunction.ofChunk(machine, code, environment);
    }

    private Prototype compile(LuaSource source) throws LuaSyntaxException {
        GuardedInput input = new GuardedInput(source.text(), machine.guard);
        try {
            return LuaC.instance.compile(input, "=?");
        } catch (LuaError e) {
            Matcher located = LOCATED.matcher(String.valueOf(e.getMessage()));
            if (located.matches()) {
                throw source.complaint(Integer.parseInt(located.group(1)), input.consumed(), located.group(2));
            }
            throw source.complaint(0, input.consumed(), String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            throw source.complaint(0, input.consumed(), "chunk has too many levels of nesting");
        } catch (IOException | RuntimeException e) {
            throw source.complaint(0, input.consumed(), "chunk cannot be compiled");
        }
    }

    private static void setSource(Prototype code, LuaString source) {
        code.source = source;
        for (Prototype inner : code.p) {
            setSource(inner, source);
        }
    }

    /** The compiler works while it reads; some texts cost it time that grows with their square. */
    private static final class GuardedInput extends InputStream {
        private static final int STRIDE = 64;
        private static final int UNITS = 16;

        private final byte[] text;
        private final LuaGuard guard;
        private int at;

        GuardedInput(byte[] text, LuaGuard guard) {
            this.text = text;
            this.guard = guard;
        }

        /** Bytes handed out; one more than there are once the end was seen. */
        int consumed() {
            return at;
        }

        @Override
        public int read() {
            if (at % STRIDE == 0) {
                guard.charge(UNITS);
            }
            if (at >= text.length) {
                at = text.length + 1;
                return -1;
            }
            return text[at++] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            for (int count = 0; count < length; count++) {
                int next = read();
                if (next < 0) {
                    return count == 0 ? -1 : count;
                }
                target[offset + count] = (byte) next;
            }
            return length;
        }
    }

    private static final class ExactPowers extends MathLib {
        @Override
        public double dpow_lib(double a, double b) {
            return Math.pow(a, b);
        }
    }
}
