package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.HookFilter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code Hook.compose}: several functions as one hook. */
final class HookComposeTest {
    private static final String CALL = "local r = Tool.try_invoke('calculator', {input = '2 * 3'}) "
            + "local out = r.success and r.output or r.error.code ";

    private static @Nullable Object composed(String composite, String result) {
        try (Scripts scripts = Scripts.open()) {
            return scripts.run(
                    "local calls = JSON.array()",
                    "local function says(name, result) return function() calls[#calls + 1] = name return result end end",
                    "local function sets(text) return {type = 'modified', data = {input = text}} end",
                    "local c = " + composite,
                    "Hook.register('BeforeToolExecution', c, {name = 'c'})",
                    CALL,
                    "return " + result);
        }
    }

    @Test
    void sequential_feedsTheNext() {
        assertThat(composed(
                        "Hook.compose('sequential', {says('a', sets('1')), function(ctx) return sets(ctx.data.input .. '0') end})",
                        "out"))
                .isEqualTo(10L);
    }

    @Test
    void firstMatch_endsWithTheFirstDecision() {
        assertThat(composed(
                        "Hook.compose('first_match', {says('a'), says('b', 'skip'), says('c', 'cancel'), says('d')})",
                        "JSON.array {out, calls}"))
                .isEqualTo(list("operation_cancelled", list("a", "b", "c")));
    }

    @Test
    void parallel_takesTheStrongestResult() {
        assertThat(composed(
                        "Hook.compose('parallel', {says('a', sets('1')), says('b', 'cancel'), says('c')})",
                        "JSON.array {out, #calls}"))
                .isEqualTo(list("operation_cancelled", 3L));
    }

    @Test
    void voting_needsItsThreshold() {
        String handlers = "{says('a', 'cancel'), says('b', 'cancel'), says('c')}";
        assertThat(composed("Hook.compose('voting', " + handlers + ")", "out")).isEqualTo("operation_cancelled");
        assertThat(composed("Hook.compose('voting', " + handlers + ", {threshold = 0.9})", "out"))
                .isEqualTo(6L);
    }

    @Test
    void nested_childrenKeepTheirFigures() {
        assertThat(composed(
                        "Hook.compose('sequential', {{name = 'outer', handler = says('a')},"
                                + " {name = 'inner', handler = Hook.compose('first_match', {says('b'), says('c', sets('7'))})}})",
                        "JSON.array {out, calls, c:kind(), c:children()[1].name, c:children()[1].metrics.count,"
                                + " c:children()[2].children[2].name, c:children()[2].children[2].metrics.count,"
                                + " Hook.metrics('c').count}"))
                .isEqualTo(list(7L, list("a", "b", "c"), "sequential", "outer", 1L, "handler-2", 1L, 1L));
    }

    @Test
    void child_thatFails_isDecidedByItsOnError() {
        String failing =
                "Hook.compose('first_match', {{handler = function() error('broken') end%s}, says('b', sets('7'))})";
        assertThat(composed(String.format(failing, ""), "out")).isEqualTo(7L);
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local c = Hook.compose('first_match', {{handler = function() error('broken') end, on_error = 'refuse'}})",
                            "Hook.register('BeforeToolExecution', c, {on_error = 'refuse'})",
                            CALL,
                            "return out"))
                    .isEqualTo("hook_failed");
        }
    }

    @Test
    void composite_goesWithItsScript() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(
                    "local c = Hook.compose('sequential', {function() return 'cancel' end})",
                    "Hook.register('BeforeToolExecution', c)",
                    "Hook.register {point = 'AfterToolExecution', handler = c}");

            assertThat(scripts.spell.hooks().list(HookFilter.all())).isEmpty();
            assertThat(scripts.run("return Tool.calculator({input = '1'}).output"))
                    .isEqualTo(1L);
        }
    }

    @Test
    void mistakes_areRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("Hook.compose('sequental', {function() end})", "message"))
                    .asString()
                    .contains("sequental", "sequential");
            assertThat(scripts.failure("Hook.compose('sequential', JSON.array())", "message"))
                    .asString()
                    .contains("children of a sequential composite", "1 or more");
            assertThat(scripts.failure("Hook.compose('voting', {function() end}, {threshold = 0})", "message"))
                    .asString()
                    .contains("threshold");
            assertThat(scripts.failure("Hook.compose('voting', {function() end}, {treshold = 0.5})", "message"))
                    .asString()
                    .contains("treshold", "did you mean \"threshold\"?");
            assertThat(scripts.failure("Hook.compose('sequential', {5})", "message"))
                    .asString()
                    .contains("handler 1 must be a function");
            assertThat(scripts.failure("Hook.compose('sequential', function() end)", "message"))
                    .asString()
                    .contains("an array of functions");
            assertThat(scripts.failure(
                            "Hook.compose('sequential', {{name = 'a', handler = function() end}, {name = 'a', handler = function() end}})",
                            "message"))
                    .asString()
                    .contains("unique in its composite");
        }
    }
}
