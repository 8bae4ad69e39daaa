package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.script.ScriptException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks with {@code isolated = true}: an engine of their own that loads a module. */
final class IsolatedHookTest {
    private static final String CALL = "local r = Tool.try_invoke('calculator', {input = '2 * 3'}) "
            + "return r.success and r.output or r.error.code .. ': ' .. r.error.message";

    @TempDir
    private Path folder;

    private Path script(String... lines) throws IOException {
        return Files.writeString(folder.resolve("main.lua"), String.join("\n", lines));
    }

    private void module(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines));
    }

    private @Nullable Object run(String... lines) throws IOException {
        Path script = script(lines);
        try (Scripts scripts = Scripts.open()) {
            Object result = scripts.spell.lua().run(script);
            assertThat(scripts.spell.hooks().list(HookFilter.all())).isEmpty();
            return result;
        }
    }

    @Test
    void handler_ofAModule_decides() throws IOException {
        module(
                "guards/length.lua",
                "return function(ctx) if #ctx.data.input > 3 then return {type = 'cancel', reason = 'long'} end end");

        assertThat(run("Hook.register('BeforeToolExecution', 'guards.length', {isolated = true})", CALL))
                .asString()
                .startsWith("operation_cancelled")
                .contains("long");
    }

    @Test
    void handler_inTheTableForm_sharesNoGlobalsWithTheScript() throws IOException {
        module(
                "own.lua",
                "count = 0",
                "return function(ctx) count = count + 1",
                "  return {type = 'replace', data = {result = count + (shared or 100)}} end");

        assertThat(run(
                        "shared = 1",
                        "Hook.register {point = 'BeforeToolExecution', handler = 'own', isolated = true}",
                        "local a, b = Tool.calculator {input = '1'}, Tool.calculator {input = '1'}",
                        "return JSON.array {a.output, b.output, count == nil}"))
                .isEqualTo(list(101L, 102L, true));
    }

    /** A function of the script itself would have to wait for the script, which is busy until the tool answers. */
    @Test
    void handler_thatNeverEnds_isCutWhileTheScriptGoesOn() throws IOException {
        module("endless.lua", "return function() while true do end end");

        assertThat(run("Hook.register('BeforeToolExecution', 'endless', {isolated = true, timeout_ms = 50})", CALL))
                .isEqualTo(6L);
        assertThat(run(
                        "Hook.register('BeforeToolExecution', 'endless', {isolated = true, timeout_ms = 50, on_error = 'refuse'})",
                        CALL))
                .asString()
                .contains("hook_");
    }

    @Test
    void hook_unregistered_closesItsEngine() throws IOException {
        module("m.lua", "return function() return 'cancel' end");

        assertThat(run(
                        "local h = Hook.register('BeforeToolExecution', 'm', {isolated = true})",
                        "h:unregister()",
                        CALL))
                .isEqualTo(6L);
    }

    @Test
    void hook_ofALoadedScript_worksForTheHostAndGoesWithIt() throws IOException {
        module("m.lua", "return function() return {type = 'replace', data = {result = 'isolated'}} end");
        Path script = script("Hook.register('BeforeToolExecution', 'm', {isolated = true})");
        try (Scripts scripts = Scripts.open()) {
            Handle loaded = scripts.spell.lua().load(script);
            assertThat(scripts.run("return Tool.calculator({input = '1'}).output"))
                    .isEqualTo("isolated");
            loaded.close();
            assertThat(scripts.run("return Tool.calculator({input = '1'}).output"))
                    .isEqualTo(1L);
        }
    }

    @Test
    void handler_wrong_isRefusedAndLeavesNothing() throws IOException {
        module("number.lua", "return 5");
        module("broken.lua", "error('cannot load')");
        String code =
                "local ok, e = pcall(Hook.register, 'BeforeToolExecution', %s, {isolated = true}) return e.message";

        assertThat(run(String.format(code, "'gone'"))).asString().contains("module 'gone' not found");
        assertThat(run(String.format(code, "'number'")))
                .asString()
                .contains("handler of an isolated hook is \"number\"", "a module that returns a function");
        assertThat(run(String.format(code, "'broken'"))).asString().contains("cannot load");
        assertThat(run(String.format(code, "function() end")))
                .asString()
                .contains("the name of a module, because isolated is true");
        try (Scripts scripts = Scripts.open()) {
            assertThatThrownBy(() -> scripts.run("Hook.register('BeforeToolExecution', 'm', {isolated = true})"))
                    .isInstanceOf(ScriptException.class)
                    .hasMessageContaining("no folder of modules");
        }
    }
}
