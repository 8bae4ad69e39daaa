package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.script.ScriptExit;
import io.llmspell.core.script.ScriptLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lua scripts in a whole LlmSpell: files, engines that stay, and the end of the runtime. */
final class SpellTest {
    @TempDir
    private Path folder;

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines));
    }

    @Test
    void run_aFile_hasArgumentsAndModules() throws IOException {
        file("helper.lua", "return {double = function(n) return 2 * n end}");
        Path script = file("main.lua", "return JSON.array {require('helper').double(21), ARGS[1], arg[2], #ARGS}");
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.spell.lua().run(script, "a", "b")).isEqualTo(list(42L, "a", "b", 2L));
        }
    }

    @Test
    void run_noFile_saysSo() {
        try (Scripts scripts = Scripts.open()) {
            assertThatThrownBy(() -> scripts.spell.lua().run(folder.resolve("none.lua")))
                    .isInstanceOf(ArgumentException.class)
                    .hasMessageContaining("none.lua");
            assertThatThrownBy(() -> scripts.spell.lua().run(folder)).isInstanceOf(ArgumentException.class);
        }
    }

    @Test
    void load_keepsHooksAndSubscriptions_untilTheHandleIsClosed() throws IOException {
        Path script = file(
                "stays.lua",
                "Hook.register('BeforeToolExecution', function(ctx)",
                "  return {type = 'modified', data = {input = ctx.data.input .. ' + 1'}} end, {timeout_ms = 10000})",
                "Event.on('tick', function(e) State.increment('ticks') end)");
        try (Scripts scripts = Scripts.open()) {
            Handle loaded = scripts.spell.lua().load(script);
            assertThat(calculated(scripts)).isEqualTo(2L);
            assertThat(scripts.waited(scripts.elsewhere(() -> calculated(scripts))))
                    .isEqualTo(2L);
            tick(scripts);
            Awaitility.await().until(() -> Long.valueOf(1).equals(scripts.run("return State.get('ticks')")));
            loaded.close();
            loaded.close();
            assertThat(calculated(scripts)).isEqualTo(1L);
            assertThat(scripts.spell.hooks().list(HookFilter.all())).isEmpty();
            assertThat(scripts.spell.events().stats().subscriptions()).isZero();
        }
    }

    @Test
    void load_ofManyCalls_doesNotUseUpItsInstructions() throws IOException {
        Path script = file(
                "stays.lua",
                "Hook.register('BeforeToolExecution', function(ctx) for i = 1, 1000 do end end,"
                        + " {timeout_ms = 10000, on_error = 'refuse'})");
        ScriptLimits limits = new ScriptLimits(Duration.ofSeconds(20), 20_000, 0, 16);
        try (Scripts scripts = Scripts.open(builder -> builder.scriptLimits(limits))) {
            scripts.spell.lua().load(script);
            for (int i = 0; i < 100; i++) {
                assertThat(calculated(scripts)).isEqualTo(1L);
            }
        }
    }

    @Test
    void load_thatFails_leavesNothing() throws IOException {
        Path script = file("bad.lua", "Hook.register('BeforeToolExecution', function() end)", "error('no')");
        try (Scripts scripts = Scripts.open()) {
            assertThatThrownBy(() -> scripts.spell.lua().load(script)).hasMessageContaining("no");
            assertThat(scripts.spell.hooks().list(HookFilter.all())).isEmpty();
        }
    }

    @Test
    void limits_ofTheBuilder_areThoseOfTheScripts() {
        ScriptLimits limits = new ScriptLimits(Duration.ofSeconds(20), 10_000, 0, 16);
        try (Scripts scripts = Scripts.open(builder -> builder.scriptLimits(limits))) {
            assertThatThrownBy(() -> scripts.run("while true do end")).isInstanceOf(LimitException.class);
            assertThat(scripts.run("return 1")).isEqualTo(1L);
        }
    }

    @Test
    void exit_endsTheScriptOnly_fromACallbackToo() {
        try (Scripts scripts = Scripts.open()) {
            assertThatThrownBy(() -> scripts.run("os.exit(3)"))
                    .isInstanceOfSatisfying(
                            ScriptExit.class, exit -> assertThat(exit.status()).isEqualTo(3));
            assertThatThrownBy(() -> scripts.run(
                            "Hook.register('BeforeToolExecution', function() os.exit(4) end)",
                            "pcall(Tool.calculator, {input = '1'})",
                            "print('went on')"))
                    .isInstanceOfSatisfying(
                            ScriptExit.class, exit -> assertThat(exit.status()).isEqualTo(4));
            assertThatThrownBy(() -> scripts.run("Event.on('x', function() os.exit(5) end)", "Event.publish('x')"))
                    .isInstanceOfSatisfying(
                            ScriptExit.class, exit -> assertThat(exit.status()).isEqualTo(5));
            assertThat(scripts.output()).isEmpty();
        }
    }

    @Test
    void close_whileScriptsRun_endsThemPromptly() {
        for (String script : new String[] {
            "while true do end",
            "Event.run()",
            "Event.receive(Event.subscribe('x'), 60000)",
            "while true do pcall(Event.receive, Event.subscribe('x'), 60000) end",
            "Hook.register('BeforeToolExecution', function() while true do end end, {timeout_ms = 60000})"
                    + " Tool.calculator {input = '1'}"
        }) {
            try (Scripts scripts = Scripts.open();
                    EventInbox started = scripts.inbox("here")) {
                CompletableFuture<@Nullable Object> running =
                        scripts.elsewhere(() -> scripts.run("Event.publish('here')", script));
                scripts.next(started);
                scripts.spell.close();
                assertThatThrownBy(() -> scripts.waited(running))
                        .as(script)
                        .isInstanceOfSatisfying(
                                LlmSpellException.class,
                                e -> assertThat(e.code())
                                        .as(script + ": " + e.getMessage())
                                        .isEqualTo(ErrorCode.ENGINE_CLOSED));
            }
        }
    }

    @Test
    void scripts_afterTheEnd_areRefused() {
        Scripts scripts = Scripts.open();
        scripts.close();
        assertThatThrownBy(() -> scripts.run("return 1"))
                .isInstanceOfSatisfying(
                        LlmSpellException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED));
    }

    @Test
    void twoScripts_atOnce_doNotMix() {
        try (Scripts scripts = Scripts.open()) {
            String script = "mine = %d; for i = 1, 50 do State.set('user:u%d', 'k', mine);"
                    + " if State.get('user:u%d', 'k') ~= %d then error('mixed') end end return mine";
            CompletableFuture<@Nullable Object> other =
                    scripts.elsewhere(() -> scripts.run(String.format(java.util.Locale.ROOT, script, 1, 1, 1, 1)));
            assertThat(scripts.run(String.format(java.util.Locale.ROOT, script, 2, 2, 2, 2)))
                    .isEqualTo(2L);
            assertThat(scripts.waited(other)).isEqualTo(1L);
        }
    }

    private static void tick(Scripts scripts) {
        scripts.spell
                .events()
                .publish(
                        EventDraft.of("tick", null, Component.named(ComponentType.SYSTEM, "test")),
                        scripts.spell.caller())
                .orThrow();
    }

    private static @Nullable Object calculated(Scripts scripts) {
        return scripts.spell
                .toolExecutor()
                .invoke("calculator", JsonObject.of("input", "1"), scripts.spell.caller())
                .result()
                .get("result");
    }
}
