package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The built-in hooks as scripts switch them. */
final class BuiltinHooksGlobalTest {
    @Test
    void enableAndDisable_switchTheHook() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local r = JSON.array {Hook.is_builtin_enabled('metrics'), Hook.enable_builtin('metrics'),",
                            "  Hook.is_builtin_enabled('metrics'), #Hook.list {name = 'metrics', system = true} > 0}",
                            "Tool.calculator {input = '1'}",
                            "r[5] = Hook.metrics('metrics').count > 0",
                            "r[6] = Hook.disable_builtin('metrics')",
                            "r[7] = Hook.disable_builtin('metrics')",
                            "r[8] = Hook.is_builtin_enabled('metrics')",
                            "return r"))
                    .isEqualTo(list(false, true, true, true, true, true, false, false));
        }
    }

    @Test
    void enable_withConfigOrSeveral_takesTheSettings() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Hook.enableBuiltin('logging', {level = 'debug', points = {'BeforeToolExecution'}})",
                            "Hook.enable_builtin({{name = 'debugging', config = {max_traces = 5}}, {name = 'metrics'}})",
                            "local by = {}",
                            "for _, b in ipairs(Hook.list_builtin()) do by[b.name] = b end",
                            "return JSON.array {by.logging.enabled, by.logging.config.level, by.debugging.config.max_traces,",
                            "  by.metrics.enabled, Hook.disable_builtin({'debugging', 'metrics'}), Hook.disable_builtin(),",
                            "  Hook.is_builtin_enabled('logging')}"))
                    .isEqualTo(list(true, "debug", 5L, true, true, true, false));
        }
    }

    @Test
    void scriptEnds_whatItEnabledGoesWithIt() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run("Hook.enable_builtin('metrics')");

            assertThat(scripts.spell.builtins().isEnabled("metrics")).isFalse();
        }
    }

    @Test
    void hookOfTheHost_isNoScriptsToChange() {
        try (Scripts scripts = Scripts.open()) {
            scripts.spell.builtins().enable("logging", ConfigSection.of("hooks.logging", Map.of()));
            assertThat(scripts.failure("Hook.disable_builtin('logging')", "code"))
                    .isEqualTo("permission_denied");
            assertThat(scripts.failure("Hook.enable_builtin('logging', {level = 'error'})", "message"))
                    .asString()
                    .contains("logging", "host program");
            assertThat(scripts.run("return Hook.disable_builtin()")).isEqualTo(false);
            assertThat(scripts.spell.builtins().isEnabled("logging")).isTrue();
        }
    }

    @Test
    void whatIsTheHosts_isToldAsAViolation() {
        try (Scripts scripts = Scripts.open()) {
            scripts.spell.builtins().enable("logging", ConfigSection.of("hooks.logging", Map.of()));
            List<Object> told = new CopyOnWriteArrayList<>();
            scripts.spell.hooks().register(HookPoint.SECURITY_VIOLATION, "sees", context -> {
                told.add(Objects.requireNonNull(context.data()));
                return HookResult.proceed();
            });
            scripts.failure("Hook.disable_builtin('logging')", "code");
            scripts.failure("Hook.enable_builtin('logging')", "code");
            scripts.failure("Agent.create {name = 'a', model = 'test/any', api_key = 'k'}", "code");
            scripts.failure("Agent.register('a', {model = 'test/any', base_url = 'u'})", "code");

            assertThat(told)
                    .extracting(each -> ((JsonObject) each).text("rule") + " " + ((JsonObject) each).text("target"))
                    .containsExactly(
                            "builtin_hook logging", "builtin_hook logging", "providers api_key", "providers base_url");
        }
    }

    @Test
    void configuredHook_isEnabledFromTheStart() {
        Map<String, Object> hooks = Map.of("logging", Map.of("enabled", true, "level", "warn"));
        try (Scripts scripts = Scripts.configured(Map.of("hooks", hooks))) {
            assertThat(scripts.run("return Hook.is_builtin_enabled('logging')")).isEqualTo(true);
        }
    }

    @Test
    void mistakes_areRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("Hook.enable_builtin('loging')", "code")).isEqualTo("unknown_builtin");
            assertThat(scripts.failure("Hook.enable_builtin('loging')", "message"))
                    .asString()
                    .contains("logging");
            assertThat(scripts.failure("Hook.is_builtin_enabled('x')", "code")).isEqualTo("unknown_builtin");
            assertThat(scripts.failure("Hook.enable_builtin('logging', {levle = 'info'})", "message"))
                    .asString()
                    .contains("hooks.logging.levle", "did you mean \"level\"?");
            assertThat(scripts.failure("Hook.enable_builtin('logging', 5)", "message"))
                    .asString()
                    .contains("a table");
            assertThat(scripts.failure("Hook.enable_builtin({'logging'})", "message"))
                    .asString()
                    .contains("{name =, config =}");
            assertThat(scripts.run("return Hook.is_builtin_enabled('logging')")).isEqualTo(false);
        }
    }
}
