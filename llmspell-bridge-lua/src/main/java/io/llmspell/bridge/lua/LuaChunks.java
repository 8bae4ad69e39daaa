package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;

/** Compiles source text to functions, under the guard of the sandbox it is for. */
final class LuaChunks {
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
        Prototype code = LuaCompiler.compile(text, LuaNames.chunk(source), machine.guard);
        setSource(code, LuaText.of(source));
        return ScriptFunction.ofChunk(machine, code, environment);
    }

    private static void setSource(Prototype code, LuaString source) {
        code.source = source;
        for (Prototype inner : code.p) {
            setSource(inner, source);
        }
    }
}
