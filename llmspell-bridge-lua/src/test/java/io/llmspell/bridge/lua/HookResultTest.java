package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static io.llmspell.bridge.lua.Scripts.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.HookFilter;
import org.junit.jupiter.api.Test;

/** What hooks of a script give back, and what comes of it; see SCRIPT_API 2.3. */
final class HookResultTest {
    /** Registers a hook before the calculator and gives what became of {@code 2 * 3}. */
    private static String before(String result, String options) {
        return "Hook.register('BeforeToolExecution', function(ctx) return " + result + " end, {timeout_ms = 20000"
                + (options.isEmpty() ? "" : ", " + options) + "}) "
                + "local r = Tool.try_invoke('calculator', {input = '2 * 3'}) "
                + "return r.success and r.output or r.error.code .. ': ' .. r.error.message";
    }

    private static Object outcome(String result) {
        return outcome(result, "");
    }

    private static Object outcome(String result, String options) {
        try (Scripts scripts = Scripts.open()) {
            return java.util.Objects.requireNonNull(scripts.run(before(result, options)));
        }
    }

    @Test
    void nothingOrContinue_goesOn() {
        for (String result : new String[] {
            "nil",
            "'continue'",
            "{type = 'continue'}",
            "{action = 'continue'}",
            "Hook.result.continue()",
            "Hook.result.proceed()",
            "'CONTINUE'"
        }) {
            assertThat(outcome(result)).as(result).isEqualTo(6L);
        }
    }

    @Test
    void skipped_goesOn() {
        for (String result :
                new String[] {"'skip'", "'skipped'", "{type = 'skipped', reason = 'r'}", "Hook.result.skipped('r')"}) {
            assertThat(outcome(result)).as(result).isEqualTo(6L);
        }
    }

    @Test
    void cancel_refuses() {
        for (String result : new String[] {
            "{type = 'cancel', reason = 'too long'}",
            "{action = 'cancel', reason = 'too long'}",
            "Hook.result.cancel('too long')"
        }) {
            assertThat(outcome(result))
                    .as(result)
                    .asString()
                    .startsWith("operation_cancelled")
                    .contains("too long");
        }
        assertThat(outcome("'cancel'")).asString().startsWith("operation_cancelled");
        assertThat(outcome("{type = 'cancel', reason = 42}")).asString().contains("42");
        assertThat(outcome("{type = 'cancel', reason = {code = 'too_long'}}"))
                .asString()
                .startsWith("operation_cancelled")
                .contains("{\"code\":\"too_long\"}");
        assertThat(outcome("{type = 'cancel', reason = print}")).asString().startsWith("operation_cancelled");
    }

    @Test
    void modified_changesTheInput() {
        for (String result : new String[] {
            "{type = 'modified', data = {input = '7'}}",
            "{type = 'modified', modified_data = {input = '7'}}",
            "Hook.result.modified {input = '7'}",
            "{type = 'modified', data = {output = {input = '7'}}}"
        }) {
            assertThat(outcome(result)).as(result).isEqualTo(7L);
        }
    }

    @Test
    void modified_wrapped_isUnwrappedUnlessTheToolDeclaresThatParameter() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Tool.register {name = 'plain', parameters = {{name = 'n', type = 'number'}},",
                            "  execute = function(p) return {result = p.n} end}",
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  if ctx.tool_name == 'plain' then return {type = 'modified', data = {input = {n = 5}}} end end)",
                            "return Tool.plain({n = 1}).output"))
                    .isEqualTo(5L);
        }
    }

    @Test
    void modified_thatIsNoInput_failsTheHook() {
        assertThat(outcome("{type = 'modified', data = {inptu = 'x'}}")).isEqualTo(6L);
        assertThat(outcome("{type = 'modified', data = {inptu = 'x'}}", "on_error = 'refuse'"))
                .asString()
                .startsWith("validation_failed");
    }

    @Test
    void replace_answersForTheTool() {
        for (String result : new String[] {
            "{type = 'replace', data = {result = 42}}",
            "{type = 'replace', value = {result = 42}}",
            "Hook.result.replace {result = 42}"
        }) {
            assertThat(outcome(result)).as(result).isEqualTo(42L);
        }
    }

    @Test
    void retry_withoutEnd_usesUpItsRuns() {
        assertThat(outcome("{type = 'retry', backoff_ms = 5, max_attempts = 2}"))
                .asString()
                .startsWith("retry_exhausted");
    }

    @Test
    void cache_withAResult_answersForTheTool() {
        assertThat(outcome("{type = 'cache', key = 'k', ttl = 5, result = {result = 42}}"))
                .isEqualTo(42L);
        assertThat(outcome("{type = 'cache', ttl_seconds = 5}")).isEqualTo(6L);
    }

    @Test
    void redirect_letsAPeerDoTheWork() {
        String peer =
                "Tool.register {name = 'peer', execute = function(p) return {result = 'peer got ' .. p.input} end} ";
        for (String result : new String[] {"{type = 'redirect', target = 'peer'}", "Hook.result.redirect('peer')"}) {
            try (Scripts scripts = Scripts.open()) {
                assertThat(scripts.run(
                                peer,
                                "Hook.register('BeforeToolExecution', function(ctx)"
                                        + " if ctx.tool_name == 'calculator' then return " + result + " end end)",
                                "return Tool.calculator({input = '2 * 3'}).output"))
                        .as(result)
                        .isEqualTo("peer got 2 * 3");
            }
        }
    }

    @Test
    void fork_runsMoreBesides_underAllItsNames() {
        for (String operation : new String[] {
            "{type = 'tool', target = 'peer', input = {n = 7}}",
            "{operation_type = 'tool', name = 'peer', parameters = {n = 7}}",
            "{id = 'fork-1', type = 'tool', target = 'peer', input = {n = 7}}"
        }) {
            try (Scripts scripts = Scripts.open()) {
                assertThat(scripts.run(
                                "local got",
                                "Tool.register {name = 'peer', execute = function(p) got = p.n return {result = p.n} end}",
                                "Hook.register('BeforeToolExecution', function(ctx) if ctx.tool_name == 'calculator'"
                                        + " then return Hook.result.fork({" + operation + "}) end end)",
                                "local r = Tool.calculator({input = '2 * 3'})",
                                "return JSON.array {r.output, got, r.metadata.forks['fork-1'] ~= nil}"))
                        .as(operation)
                        .isEqualTo(list(6L, 7L, true));
            }
        }
    }

    @Test
    void retry_inBothSpellings_runsTheToolAgain() {
        for (String result : new String[] {
            "{type = 'retry', delay_ms = 1, max_attempts = 3}",
            "{action = 'retry', backoff_ms = 1}",
            "Hook.result.retry(1, 3)"
        }) {
            try (Scripts scripts = Scripts.open()) {
                assertThat(scripts.run(
                                "local runs = 0",
                                "Tool.register {name = 'shaky', execute = function() runs = runs + 1",
                                "  if runs < 3 then error('not yet') end return {result = runs} end}",
                                "Hook.register('ToolError', function() return " + result + " end)",
                                "return Tool.shaky({}).output"))
                        .as(result)
                        .isEqualTo(3L);
            }
        }
    }

    @Test
    void anythingElse_isAnInvalidResult() {
        for (String result : new String[] {
            "5", "true", "'cancle'", "{}", "{type = 'cancle'}", "{1, 2}", "{type = 5}", "{type = 'modified'}"
        }) {
            assertThat(outcome(result)).as(result + " is skipped over").isEqualTo(6L);
            assertThat(outcome(result, "on_error = 'refuse'"))
                    .as(result)
                    .asString()
                    .startsWith("invalid_hook_result");
        }
        assertThat(outcome("'cancle'", "on_error = 'refuse'")).asString().contains("cancle", "did you mean \"cancel\"");
        for (String result : new String[] {
            "{type = 'retry', delay_ms = 'soon'}",
            "{type = 'retry', delay_ms = -1}",
            "{type = 'retry', delay_ms = 1e300}",
            "{type = 'retry', max_attempts = 0}",
            "{type = 'retry', max_attempts = 1.5}",
            "{type = 'cache', ttl = 0}",
            "{type = 'cache', key = {}}",
            "{type = 'fork'}",
            "{type = 'fork', operations = JSON.array()}",
            "{type = 'fork', operations = {{type = 'tool'}}}",
            "{type = 'fork', operations = {{type = 'tol', target = 'x'}}}",
            "{type = 'fork', operations = {5}}"
        }) {
            assertThat(outcome(result, "on_error = 'refuse'"))
                    .as(result)
                    .asString()
                    .startsWith("invalid_hook_result");
        }
        assertThat(outcome("{type = 'redirect'}", "on_error = 'refuse'"))
                .asString()
                .contains("target");
    }

    @Test
    void result_thatThePointCannotHonour_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Hook.register('AfterStateWrite', function() return {type = 'replace', data = {}} end,"
                                    + " {on_error = 'refuse'})",
                            "local ok, e = pcall(State.set, 'k', 1)",
                            "return JSON.array {ok, e.code}"))
                    .isEqualTo(list(false, "result_not_allowed"));
        }
    }

    @Test
    void hookThatRaises_onErrorDecides() {
        String raising = "error('broken')";
        assertThat(outcome(raising)).isEqualTo(6L);
        assertThat(outcome(raising, "on_error = 'continue'")).isEqualTo(6L);
        assertThat(outcome(raising, "on_error = 'refuse'"))
                .asString()
                .startsWith("hook_failed")
                .contains("broken");
    }

    @Test
    void hookThatRaises_withDisable_runsNoMore() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local calls = 0",
                            "local h = Hook.register('BeforeToolExecution', function() calls = calls + 1; error('broken') end,"
                                    + " {on_error = 'disable'})",
                            "for i = 1, 3 do Tool.calculator {input = '1'} end",
                            "local first = calls",
                            "h:enable()",
                            "Tool.calculator {input = '1'}",
                            "return JSON.array {first, calls}"))
                    .isEqualTo(list(1L, 2L));
        }
    }

    @Test
    void hookWithoutEnd_isCut_andTheScriptGoesOn() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Hook.register('BeforeToolExecution', function() while true do end end, {timeout_ms = 20})",
                            "return Tool.calculator({input = '6'}).output"))
                    .isEqualTo(6L);
            assertThat(scripts.run(
                            "Hook.register('BeforeToolExecution', function() while true do pcall(function() while true do end end) end end,"
                                    + " {timeout_ms = 20, on_error = 'refuse'})",
                            "return Tool.try_invoke('calculator', {input = '6'}).error.message"))
                    .asString()
                    .contains("hook_timeout");
        }
    }

    @Test
    void builders_putTheirArgumentsInOrder() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local R = Hook.result",
                            "return JSON.array {R.cancel('r'), R.modified({a = 1}), R.redirect('t'), R.replace(5),"
                                    + " R.retry(10, 2), R.cache('k', 60), R.skipped('s'), R.continue(),",
                            "  R.fork({{type = 'tool', target = 'x'}})}"))
                    .isEqualTo(list(
                            map("type", "cancel", "reason", "r"),
                            map("type", "modified", "data", map("a", 1L)),
                            map("type", "redirect", "target", "t"),
                            map("type", "replace", "data", 5L),
                            map("type", "retry", "delay_ms", 10L, "max_attempts", 2L),
                            map("type", "cache", "key", "k", "ttl_seconds", 60L),
                            map("type", "skipped", "reason", "s"),
                            map("type", "continue"),
                            map("type", "fork", "operations", list(map("type", "tool", "target", "x")))));
        }
    }

    @Test
    void hooks_leaveNothingBehind() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(before("nil", ""));
            assertThat(scripts.spell.hooks().list(HookFilter.all())).isEmpty();
        }
    }
}
