package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.luaj.vm2.LuaValue;

/** What Lua 5.4 prints for the same text is what scripts print here. */
class LuaLanguageTest {
    private static final String VARIABLES = "local i, f, s, nn, u, b = 42, 2.5, 'x', nil, 7.0, true return ";
    private static final String METAMETHODS = """
            local mt = {}
            for _, k in ipairs {"idiv", "band", "bor", "bxor", "shl", "shr", "add", "mod"} do
              mt["__" .. k] = function(a, b) return k .. type(a) .. type(b) end
            end
            mt.__bnot = function(a, b) return "bnot" .. tostring(rawequal(a, b)) end
            t = setmetatable({10, 20, x = 3, y = 2.0}, mt)
            function g() return 6, 7 end
            function check(text)
              local ok, result = pcall(load(text, "=c"))
              if type(result) == "table" then result = "a table" end
              return ok and tostring(result) or "error: " .. tostring(result)
            end""";

    @TestFactory
    Stream<DynamicTest> snippet_ofTheLanguage_printsWhatLuaPrints() throws IOException {
        return Arrays.stream(read("language.txt").split("(?m)^=== "))
                .filter(part -> !part.isEmpty())
                .map(part -> DynamicTest.dynamicTest(
                        part.substring(0, part.indexOf('\n')),
                        () -> checkSnippet(part.substring(part.indexOf('\n') + 1))));
    }

    private static void checkSnippet(String part) throws LuaSyntaxException {
        int end = part.indexOf("--- prints\n");
        SandboxFixture fixture = new SandboxFixture();
        LuaValue script = fixture.sandbox.load(part.substring(0, end).getBytes(StandardCharsets.UTF_8), "=snippet");
        fixture.sandbox.call(script, LuaValue.NONE);

        assertThat(fixture.output.toString()).isEqualTo(part.substring(end + "--- prints\n".length()));
    }

    @Test
    void expression_withOperatorsOfAllKinds_givesWhatLuaGives() throws IOException, LuaSyntaxException {
        SandboxFixture fixture = new SandboxFixture();
        fixture.run(METAMETHODS);
        LuaValue check = fixture.sandbox.globals().rawget("check");
        List<String> lines = read("operators.tsv").lines().toList();

        assertThat(lines).hasSizeGreaterThan(300).allSatisfy(line -> {
            String[] parts = line.split("\t", 2);
            LuaValue result = fixture.sandbox
                    .call(check, LuaText.of(VARIABLES + parts[0]))
                    .arg1();
            assertThat(result.tojstring()).isEqualTo(parts[1]);
        });
    }

    private static String read(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(LuaLanguageTest.class.getResourceAsStream(name))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
