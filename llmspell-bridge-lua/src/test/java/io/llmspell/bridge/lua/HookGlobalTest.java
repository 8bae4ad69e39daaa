package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static io.llmspell.bridge.lua.Scripts.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonObject;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The global {@code Hook}: registering, listing, handles. */
final class HookGlobalTest {
    @Test
    void registration_byAScript_isToldWithTheRunOfTheScript() {
        try (Scripts scripts = Scripts.open();
                EventInbox inbox = scripts.inbox("{hook,tool}.*")) {
            scripts.run("Hook.register('BeforeToolExecution', function() end)", "Tool.calculator {input = '1'}");
            List<UniversalEvent> told = new ArrayList<>();
            while (told.isEmpty() || !told.get(told.size() - 1).type().equals("hook.unregistered")) {
                told.add(scripts.next(inbox));
            }

            assertThat(told)
                    .extracting(UniversalEvent::type)
                    .containsExactly("hook.registered", "tool.started", "tool.completed", "hook.unregistered");
            assertThat(told)
                    .extracting(UniversalEvent::correlation)
                    .containsOnly(told.get(1).correlation());
            assertThat(told).extracting(event -> event.language().id()).containsOnly("lua");
        }
    }

    @Test
    void register_inEveryForm_takesPointFunctionAndOptions() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local f = function() end",
                            "Hook.register('BeforeToolExecution', f)",
                            "Hook.register('before_tool_execution', f, 'highest')",
                            "Hook.register('BEFORETOOLEXECUTION', f, 7)",
                            "Hook.register('BeforeToolExecution', f, {priority = 'low', name = 'n1', tags = {'a', 'b'},",
                            "  description = 'd', version = '2.1', timeout_ms = 500, on_error = 'refuse'})",
                            "Hook.register {point = 'BeforeToolExecution', handler = f, name = 'n2', priority = -100}",
                            "Hook.register {hook_point = 'BeforeToolExecution', handler = f, name = 'n3', priority = 'lowest'}",
                            "local rows = JSON.array()",
                            "for i, h in ipairs(Hook.list('BeforeToolExecution')) do rows[i] = {h.name, h.priority} end",
                            "return rows"))
                    .isEqualTo(List.of(
                            List.of("lua:BeforeToolExecution:000002", "highest"),
                            List.of("n2", "high"),
                            List.of("lua:BeforeToolExecution:000001", "normal"),
                            List.of("lua:BeforeToolExecution:000003", 7L),
                            List.of("n1", "low"),
                            List.of("n3", "lowest")));
        }
    }

    @Test
    void list_row_hasTheMembersOfTheReference() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local h = Hook.register('AfterToolExecution', function() end, {name = 'n', tags = {'b', 'a'},",
                            "  description = 'd', version = '2.1', enabled = false})",
                            "local row = Hook.list {name = 'n'}[1]",
                            "row.id = row.id == h:id()",
                            "return row"))
                    .isEqualTo(map(
                            "name", "n",
                            "id", true,
                            "hook_point", "AfterToolExecution",
                            "priority", "normal",
                            "language", "lua",
                            "version", "2.1",
                            "description", "d",
                            "tags", List.of("a", "b"),
                            "enabled", false,
                            "breaker", "closed"));
        }
    }

    @Test
    void list_withFilters_choosesHooks() {
        try (Scripts scripts = Scripts.open()) {
            scripts.spell
                    .hooks()
                    .register(HookPoint.AFTER_TOOL_EXECUTION, "java-hook", context -> HookResult.proceed());
            assertThat(scripts.run(
                            "local f = function() end",
                            "Hook.register('BeforeToolExecution', f, {name = 'a', tags = {'x'}, priority = 'high'})",
                            "Hook.register('AfterToolExecution', f, {name = 'b'})",
                            "local function names(filter) local r = JSON.array()",
                            "  for i, h in ipairs(Hook.list(filter)) do r[i] = h.name end return r end",
                            "return JSON.array {names(), names('AfterToolExecution'), names {hook_point = 'BeforeToolExecution'},",
                            "  names {language = 'java'}, names {tag = 'x'}, names {name = 'b'}, names {priority = 'high'},"
                                    + " names {point = 'BeforeAgentInit'}, names {tag = 'lua'}}"))
                    .isEqualTo(list(
                            List.of("a", "b", "java-hook"),
                            List.of("b", "java-hook"),
                            List.of("a"),
                            List.of("java-hook"),
                            List.of("a"),
                            List.of("b"),
                            List.of("a"),
                            List.of(),
                            List.of("b")));
        }
    }

    @Test
    void unknownNames_areRefusedWithTheNearest() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("Hook.register('BeforeToolExecuton', function() end)", "code"))
                    .isEqualTo("unknown_hook_point");
            assertThat(scripts.failure("Hook.register('BeforeToolExecuton', function() end)", "message"))
                    .asString()
                    .contains("BeforeToolExecution");
            assertThat(scripts.failure(
                            "Hook.register('BeforeToolExecution', function() end, {priorty = 'high'})", "message"))
                    .isEqualTo("Hook.register: unknown option \"priorty\", did you mean \"priority\"?");
            assertThat(scripts.failure(
                            "Hook.register('BeforeToolExecution', function() end, {priority = 'urgent'})", "message"))
                    .asString()
                    .contains("highest, high, normal, low, lowest");
            assertThat(scripts.failure("Hook.register('BeforeToolExecution', function() end, 5000)", "code"))
                    .isEqualTo("invalid_argument");
            assertThat(scripts.failure(
                            "Hook.register('BeforeToolExecution', function() end, {on_error = 'ignore'})", "message"))
                    .asString()
                    .contains("continue, refuse or disable");
            assertThat(scripts.failure("Hook.register('BeforeToolExecution', 'text')", "message"))
                    .isEqualTo("Hook.register: argument 2 (fn) must be a function, but is a text");
            assertThat(scripts.failure("Hook.register {point = 'BeforeToolExecution'}", "message"))
                    .asString()
                    .contains("handler");
            assertThat(scripts.failure("Hook.register {handler = print}", "message"))
                    .asString()
                    .contains("point");
        }
    }

    @Test
    void hooks_beyondThousand_areRefused_untilOneIsGone() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local f, last = function() end, nil",
                                    "for i = 1, 1000 do last = Hook.register('BeforeAgentInit', f) end",
                                    "local ok, e = pcall(Hook.register, 'BeforeAgentInit', f)",
                                    "last:unregister()",
                                    "return JSON.array {ok, e.code, e.details.limit, pcall(Hook.register, 'BeforeAgentInit', f)}"))
                    .asString()
                    .contains("false, limit_exceeded, scripts.limits.max_hooks, true");
        }
    }

    @Test
    void name_twiceAtAPoint_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            String register = "Hook.register('BeforeToolExecution', function() end, {name = 'n'}) ";
            assertThat(scripts.failure(register + register, "code")).isEqualTo("hook_exists");
        }
    }

    @Test
    void handle_methods_answer_evenAfterwards() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local calls = 0",
                            "local h = Hook.register('BeforeToolExecution', function() calls = calls + 1 end, {name = 'n'})",
                            "local function use() Tool.calculator {input = '1'} return calls end",
                            "local r = JSON.array {h:name(), h:hook_point(), h:hookPoint(), h:id() == tostring(h), use()}",
                            "h:disable(); r[6] = use(); r[7] = Hook.list {name = 'n'}[1].enabled",
                            "h:enable(); r[8] = use()",
                            "r[9] = h:unregister(); r[10] = h:unregister(); r[11] = Hook.unregister(h); r[12] = use()",
                            "r[13] = h:name(); r[14] = #Hook.list {name = 'n'}",
                            "return r"))
                    .isEqualTo(list(
                            "n",
                            "BeforeToolExecution",
                            "BeforeToolExecution",
                            true,
                            1L,
                            1L,
                            false,
                            2L,
                            true,
                            false,
                            false,
                            2L,
                            "n",
                            0L));
            String gone = "local h = Hook.register('BeforeToolExecution', function() end) h:unregister() ";
            assertThat(scripts.failure(gone + "h:enable()", "code")).isEqualTo("invalid_state");
            assertThat(scripts.failure(gone + "h:disable()", "message"))
                    .asString()
                    .contains("hook already unregistered");
            assertThat(scripts.failure("Hook.unregister('some id')", "code")).isEqualTo("invalid_argument");
        }
    }

    @Test
    void unregister_byTheFunction_isTrueOnceOnly() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local h = Hook.register('BeforeToolExecution', function() end)",
                            "return JSON.array {Hook.unregister(h), Hook.unregister(h)}"))
                    .isEqualTo(list(true, false));
        }
    }

    @Test
    void hooks_ofAScript_endWithIt() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run("Hook.register('BeforeToolExecution', function() return 'cancel' end)");
            assertThat(scripts.spell.hooks().list(HookFilter.all())).isEmpty();
            assertThat(scripts.run("return Tool.calculator({input = '1'}).output"))
                    .isEqualTo(1L);
        }
    }

    @Test
    void points_areAllThereWithTheirResults() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local found = {}",
                            "for _, p in ipairs(Hook.points()) do found[p.name] = p end",
                            "local n = 0 for _ in pairs(found) do n = n + 1 end",
                            "return JSON.array {n >= 40, found.BeforeToolExecution.group ~= nil,"
                                    + " table.concat(found.SystemShutdown.results, ' ')}"))
                    .isEqualTo(list(true, true, "continue skipped"));
        }
    }

    @Test
    void explain_tellsOrderAndWhy() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Hook.register('BeforeToolExecution', function() end, {name = 'second'})",
                            "Hook.register('BeforeToolExecution', function() end, {name = 'first', priority = 'high'})",
                            "local e = Hook.explain('BeforeToolExecution')",
                            "return JSON.array {e.hooks[1].name, e.hooks[2].name,",
                            "  e.text:find('first', 1, true) < e.text:find('second', 1, true)}"))
                    .isEqualTo(list("first", "second", true));
        }
    }

    @Test
    void fire_aCustomPoint_runsItsHooks() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Hook.register('custom:deploy', function(ctx)",
                            "  if ctx.data.env == 'prod' then return {type = 'cancel', reason = 'frozen'} end",
                            "  return {type = 'modified', data = {env = ctx.data.env, seen = true}} end)",
                            "local a, b, c = Hook.fire('custom:deploy', {env = 'test'}), Hook.fire('custom:deploy', {env = 'prod'}),",
                            "  Hook.fire('custom:nobody')",
                            "return JSON.array {a.result, a.data, b.result, b.reason, c.result}"))
                    .isEqualTo(list("modified", map("env", "test", "seen", true), "cancel", "frozen", "continue"));
            assertThat(scripts.failure("Hook.fire('BeforeToolExecution')", "message"))
                    .asString()
                    .contains("custom:NAME");
        }
    }

    @Test
    void hook_firedByJavaThreads_isServedWhileTheScriptWaits() {
        try (Scripts scripts = Scripts.open()) {
            CompletableFuture<@Nullable Object> script = scripts.elsewhere(() -> scripts.run(
                    "local seen = 0",
                    "Hook.register('BeforeToolExecution', function(ctx) seen = seen + 1 end, {timeout_ms = 10000})",
                    "local sub = Event.subscribe('test.done')",
                    "Event.publish('test.ready')",
                    "local e = Event.receive(sub, 20000)",
                    "return JSON.array {e ~= nil, seen}"));
            org.awaitility.Awaitility.await()
                    .until(() -> !scripts.spell.hooks().list(HookFilter.all()).isEmpty()
                            && scripts.spell.events().stats().subscriptions() > 0);
            CompletableFuture<@Nullable Object> one = scripts.elsewhere(() -> useTool(scripts));
            CompletableFuture<@Nullable Object> two = scripts.elsewhere(() -> useTool(scripts));
            scripts.waited(one);
            scripts.waited(two);
            scripts.run("Event.publish('test.done')");
            assertThat(scripts.waited(script)).isEqualTo(list(true, 20L));
        }
    }

    private static @Nullable Object useTool(Scripts scripts) {
        for (int i = 0; i < 10; i++) {
            scripts.spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1"), scripts.spell.caller());
        }
        return null;
    }

    @Test
    void hook_ofAJavaOperation_mayModifyAndVeto() {
        try (Scripts scripts = Scripts.open()) {
            scripts.spell.hooks().register(HookPoint.AFTER_TOOL_EXECUTION, "last", context -> HookResult.proceed());
            assertThat(scripts.run(
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  return {type = 'modified', data = {input = ctx.input.input .. ' + 1'}} end, {name = 'more'})",
                            "return Tool.calculator({input = '2'}).output"))
                    .isEqualTo(3L);
        }
    }

    @Test
    void priority_decidesTheOrder_acrossLanguages() {
        try (Scripts scripts = Scripts.open()) {
            StringWriter order = new StringWriter();
            scripts.spell
                    .hooks()
                    .register(
                            HookPoint.BEFORE_TOOL_EXECUTION,
                            HookOptions.builder("java").priority(0).build(),
                            context -> {
                                order.append("java ");
                                return HookResult.proceed();
                            });
            assertThat(scripts.run(
                            "local order = ''",
                            "local function note(n) return function() order = order .. n .. ' ' end end",
                            "Hook.register('BeforeToolExecution', note('low'), 'low')",
                            "Hook.register('BeforeToolExecution', note('high'), 'high')",
                            "Hook.register('BeforeToolExecution', note('normal1'))",
                            "Hook.register('BeforeToolExecution', note('normal2'))",
                            "Tool.calculator {input = '1'}",
                            "return order"))
                    .isEqualTo("high normal1 normal2 low ");
            assertThat(order).hasToString("java ");
        }
    }

    @Test
    void registration_afterTheEndOfTheScript_isNotPossible() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run("Hook.register('BeforeToolExecution', function() end)");
            assertThat(scripts.spell.hooks().list(HookFilter.all()).stream().map(HookInfo::name))
                    .isEmpty();
            assertThatThrownBy(() -> scripts.run("error('end')")).hasMessageContaining("end");
        }
    }
}
