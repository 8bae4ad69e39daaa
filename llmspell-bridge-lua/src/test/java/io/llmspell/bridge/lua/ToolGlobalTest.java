package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static io.llmspell.bridge.lua.Scripts.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The globals {@code Tool} and {@code Tools}. */
final class ToolGlobalTest {
    private static final String ADD = "Tool.register {name = 'add-up', description = 'Adds', category = 'math',"
            + " parameters = {{name = 'a', type = 'number', required = true}, {name = 'b', type = 'number', default = 10}},"
            + " execute = function(p, ctx) return {result = p.a + p.b, message = ctx.tool_name} end}";

    @Test
    void invoke_inEveryForm_givesTheEnvelope() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local p = {input = '2 + 3'}",
                            "local t = Tool.get('calculator')",
                            "local r = {Tool.invoke('calculator', p), Tool.execute('calculator', p), t:execute(p),",
                            "  t.execute(p), t:invoke(p), Tool.calculator(p), Tools.calculator {input = '2 + 3'},",
                            "  Tool.invoke('calculator', {parameters = p}), Tool.try_invoke('calculator', p),",
                            "  Tool.executeAsync('calculator', p)}",
                            "local all = JSON.array()",
                            "for i, each in ipairs(r) do all[i] = each.success and each.output end",
                            "return all"))
                    .isEqualTo(list(5L, 5L, 5L, 5L, 5L, 5L, 5L, 5L, 5L, 5L));
        }
    }

    @Test
    void envelope_hasTheMembersOfTheReference() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local r = Tool.text_manipulator {operation = 'uppercase', input = 'tide'}",
                            "return JSON.array {r.success, r.output, type(r.text), r.metadata.tool,"
                                    + " r.error == nil}"))
                    .isEqualTo(list(true, "TIDE", "string", "text_manipulator", true));
        }
    }

    @Test
    void invoke_thatCannotRun_raises_andTryInvokeDoesNot() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("Tool.invoke('calculater', {})", "code")).isEqualTo("tool_not_found");
            assertThat(scripts.failure("Tool.invoke('calculater', {})", "message"))
                    .asString()
                    .contains("calculator");
            assertThat(scripts.failure("Tool.invoke('calculator', {inptu = '1'})", "code"))
                    .isEqualTo("validation_failed");
            assertThat(scripts.run(
                            "local a = Tool.try_invoke('calculater', {})",
                            "local b = Tool.try_invoke('calculator', {inptu = '1'})",
                            "return JSON.array {a.success, a.error.code, b.success, b.error.code,"
                                    + " tostring(a.error) == a.error.message}"))
                    .isEqualTo(list(false, "tool_not_found", false, "validation_failed", true));
        }
    }

    @Test
    void tool_thatRanAndFailed_givesSuccessFalse() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Tool.register {name = 'bad', execute = function() error('went wrong') end}",
                            "Tool.register {name = 'sorry', execute = function() return {success = false, error = 'no luck'} end}",
                            "local r, s = Tool.bad {}, Tool.sorry {}",
                            "return JSON.array {r.success, r.error.code, r.error.message:match('went wrong'),",
                            "  s.success, s.error.message:match('no luck'), r.output == nil}"))
                    .isEqualTo(list(false, "script_error", "went wrong", false, "no luck", true));
            assertThat(scripts.run("local r = Tool.invoke('calculator', {input = '1 +'}) return r.success"))
                    .isEqualTo(false);
        }
    }

    @Test
    void find_byName_minusAndUnderscoreAreAlike() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local t = Tool.get('text-manipulator')",
                            "return JSON.array {t.name, t == Tool.text_manipulator, Tool.getByName('text_manipulator') == t,",
                            "  Tool.exists('text-manipulator'), Tool.exists('nothing'), Tool.get('nothing') == nil,",
                            "  Tool.nothing == nil, tostring(t), t.version, type(t.description), t.schema.type,",
                            "  t:get_schema().type, t.getSchema().type}"))
                    .isEqualTo(list(
                            "text_manipulator",
                            true,
                            true,
                            true,
                            false,
                            true,
                            true,
                            "text_manipulator",
                            "1.0.0",
                            "string",
                            "object",
                            "object",
                            "object"));
        }
    }

    @Test
    void list_discoverAndCategories_describeTheTools() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(ADD);
            assertThat(scripts.run(
                            ADD,
                            "local names = JSON.array()",
                            "for i, row in ipairs(Tool.list()) do names[i] = row.name end",
                            "local math = Tool.discover {category = 'math'}",
                            "local found = Tool.discover {query = 'calcul'}",
                            "return JSON.array {names, #math, math[1].name, math[1].category, math[1].security_level,"
                                    + " found[1].name, Tool.categories()}"))
                    .isEqualTo(list(
                            List.of("add-up", "calculator", "text_manipulator"),
                            1L,
                            "add-up",
                            "math",
                            "safe",
                            "calculator",
                            List.of("math", "utility")));
            assertThat(scripts.run(
                            "Tool.register {name = 'tagged', tags = {'mine', 'math'}, execute = function() end}",
                            "local names = JSON.array()",
                            "for i, row in ipairs(Tool.discover {tag = 'math'}) do names[i] = row.name end",
                            "return JSON.array {names, #Tool.discover {tag = 'nobody'},"
                                    + " Tool.discover({tag = 'mine'})[1].tags}"))
                    .isEqualTo(list(List.of("calculator", "tagged"), 0L, List.of("math", "mine")));
            assertThat(scripts.failure("Tool.create('nothing-alike-at-all')", "message"))
                    .isEqualTo("no tool is named \"nothing-alike-at-all\"");
            assertThat(scripts.failure("Tool.discover {categroy = 'x'}", "message"))
                    .asString()
                    .contains("did you mean \"category\"");
        }
    }

    @Test
    void register_withAListOfParameters_makesASchema() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local t = " + ADD,
                                    "local r = t {a = 1}",
                                    "return JSON.array {r.output, r.message, Tool.add_up {a = 1, b = 2}.output, t == Tool.get('add_up')}"))
                    .isEqualTo(list(11L, "add-up", 3L, true));
            assertThat(scripts.failure(ADD + " Tool.invoke('add_up', {b = 1})", "code"))
                    .isEqualTo("validation_failed");
            assertThat(scripts.failure(ADD + " Tool.invoke('add_up', {a = 'x'})", "code"))
                    .isEqualTo("validation_failed");
        }
    }

    @Test
    void register_withASchema_validatesByIt() {
        try (Scripts scripts = Scripts.open()) {
            String tool = "Tool.create {name = 'pick', parameters = {type = 'object', required = {'what'},"
                    + " properties = {what = {enum = {'a', 'b'}}}, additionalProperties = false},"
                    + " execute = function(p) return 'picked ' .. p.what end}";
            assertThat(scripts.run(tool, "return Tool.pick({what = 'a'}).output"))
                    .isEqualTo("picked a");
            assertThat(scripts.failure(tool + " Tool.pick {what = 'c'}", "code"))
                    .isEqualTo("validation_failed");
            assertThat(scripts.failure(tool + tool, "code")).isEqualTo("tool_exists");
            assertThat(scripts.failure("Tool.create {name = 'x', parameters = {type = 5}, execute = print}", "code"))
                    .isEqualTo("invalid_schema");
            assertThat(scripts.failure("Tool.create {name = 'x'}", "message"))
                    .asString()
                    .contains("execute");
            assertThat(scripts.failure("Tool.create {name = 'x', execut = print}", "message"))
                    .asString()
                    .contains("did you mean \"execute\"");
            assertThat(scripts.run("return Tool.create('calculator') == Tool.calculator"))
                    .isEqualTo(true);
        }
    }

    @Test
    void registeredTool_livesUntilUnregisteredOrTheScriptEnds() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    ADD,
                                    "return JSON.array {Tool.exists('add-up'), Tool.unregister('add-up'),"
                                            + " Tool.unregister('add-up'), Tool.exists('add-up'), Tool.unregister('calculator')}"))
                    .isEqualTo(list(true, true, false, false, false));
            scripts.run(ADD);
            assertThat(scripts.run("return Tool.exists('add-up')")).isEqualTo(false);
        }
    }

    @Test
    void tool_ofAScript_isSeenByJavaWhileTheScriptRuns() {
        try (Scripts scripts = Scripts.open()) {
            scripts.spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "twice", context -> {
                Object a = ((Map<?, ?>) context.operation().input()).get("a");
                return HookResult.modified(map("a", 2 * ((Number) a).longValue(), "b", 10));
            });
            assertThat(scripts.run(ADD, "return Tool.add_up({a = 5}).output")).isEqualTo(20L);
        }
    }

    @Test
    void invoke_withACorrelation_runsInIt() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen",
                            "Hook.register('AfterToolExecution', function(ctx) seen = ctx.correlation_id end)",
                            "Tool.invoke('calculator', {input = '1'}, {correlation_id = 'my-run-7'})",
                            "return seen"))
                    .isEqualTo("my-run-7");
        }
    }

    @Test
    void tools_callEachOther_throughTheirScript() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Tool.register {name = 'inner', execute = function(p) return {result = p.n * 2} end}",
                            "Tool.register {name = 'outer', execute = function(p) return {result = Tool.inner({n = p.n}).output + 1} end}",
                            "return Tool.outer({n = 20}).output"))
                    .isEqualTo(41L);
        }
    }
}
