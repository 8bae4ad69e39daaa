package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.luaj.vm2.LocVars;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Upvaldesc;
import org.luaj.vm2.compiler.LuaC;

/** For what Lua 5.2 knows, the compiler makes the very instructions that LuaJ's makes. */
class LuaCompilerTest {
    private static final List<String> CHUNKS = List.of(
            "",
            "local a, b, c = f() local d = a and b or c return a < b, not (a >= c), #d .. a .. 1",
            "for i = 1, 10 do if i % 2 == 0 then goto continue end f(function() return i end) ::continue:: end",
            "for k, v in pairs(t) do if v then break elseif k then return k, v else t[k] = nil end end",
            "while a.b[c].d do local x, y = ... if x == nil then break end y = -x repeat local z = y until z and x end",
            "local function f(a, ...) local b <eq> = 1 end".replace("<eq> ", ""),
            "function a.b.c:d(x, y) self.x, self[y], a = x, y, self return self:d(x)(y){}'z' end",
            "local t = {1, 2, 3; x = 1, ['y'] = 2, [1 + 2] = f(), f()} t[1], t[2] = t[2], t[1] local s = {f()}",
            "local a a, b, a[1], a[b] = 1, 2 a = a == nil and true or false b = a ~= false c = not a",
            "do local x f = function() x = x + 1 return function() return x, y end end end goto l do goto l end ::l::",
            "::top:: local x = 2 ^ 3 ^ 2 * -4 + 7 / 2 % 3 - -x if x then goto top end",
            "local x = (f()) local y = {(f())} local z = (...) return (f())",
            "repeat local a = 1 local function g() return a end if g() then break end until g() == a",
            "return a and (b or c) and d == e or not f and g < h or nil",
            "if nil then a() elseif false then b() elseif 1 then c() elseif true then d() else e() end",
            "local a <const> = 1".replace(" <const>", ""));

    @Test
    void compile_languageOfLuaJ_givesItsInstructions() {
        CHUNKS.forEach(LuaCompilerTest::assertSame);
    }

    @Test
    void compile_manyElementsAndConstants_givesItsInstructions() {
        StringBuilder list = new StringBuilder("local t = {");
        StringBuilder calls = new StringBuilder();
        for (int i = 0; i < 700; i++) {
            list.append("'k").append(i).append("', ");
            calls.append("f(x").append(i).append(", ").append(i).append(".5, nil, true) ");
        }
        assertSame(list + "...}");
        assertSame(calls.toString());
    }

    @Test
    void compile_examples_givesTheirInstructions() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "examples", "lua"))) {
            List<Path> scripts = files.filter(file -> file.toString().endsWith(".lua"))
                    .filter(file -> !file.endsWith("language.lua"))
                    .toList();
            assertThat(scripts).isNotEmpty();
            for (Path script : scripts) {
                assertSame(Files.readString(script));
            }
        }
    }

    private static void assertSame(String source) {
        byte[] text = source.getBytes(StandardCharsets.UTF_8);
        try {
            Prototype expected = LuaC.instance.compile(new ByteArrayInputStream(text), "=?");
            Prototype made = LuaCompiler.compile(text, "?", new SandboxFixture().sandbox.guard());
            assertThat(describe(made)).as(source).isEqualTo(describe(expected));
        } catch (IOException | LuaSyntaxException e) {
            throw new AssertionError(source, e);
        }
    }

    /** All of a function that running it or its messages depend on. */
    private static List<String> describe(Prototype code) {
        List<String> all = new ArrayList<>();
        all.add(code.linedefined + "-" + code.lastlinedefined + " " + code.numparams + " " + code.is_vararg + " "
                + code.maxstacksize);
        for (int i = 0; i < code.code.length; i++) {
            all.add(i + ": " + LuaOp.op(code.code[i]) + " " + Integer.toHexString(code.code[i]) + " line "
                    + code.lineinfo[i]);
        }
        all.add(Arrays.toString(code.k));
        for (LocVars local : code.locvars) {
            all.add(local.varname + " " + local.startpc + " " + local.endpc);
        }
        for (Upvaldesc upvalue : code.upvalues) {
            all.add(upvalue.name + " " + upvalue.instack + " " + upvalue.idx);
        }
        for (Prototype inner : code.p) {
            all.addAll(describe(inner));
        }
        return all;
    }
}
