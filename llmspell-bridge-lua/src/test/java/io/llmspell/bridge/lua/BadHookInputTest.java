package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a script gives wrongly to {@code Hook}: input, code, text. */
final class BadHookInputTest {
    private static final String AGENT = " Agent.create({name = 'a', model = 'offline/echo'}):invoke('hi')";
    private static final String BUDGET = "alerts = {{threshold = 5, level = 'critical', block = true}}";

    private static Arguments row(String what, String statement, String code, String text) {
        return arguments(what, statement, code, text);
    }

    /** A guard whose function has some lines, and an operation that it decides. */
    private static String guard(String point, String body, String operation) {
        return "Hook.register('" + point + "', function() " + body
                + " end, {name = 'guard', on_error = 'refuse', timeout_ms = 20000}) " + operation;
    }

    private static String tool(String body) {
        return guard("BeforeToolExecution", body, "Tool.calculator {input = '1'}");
    }

    static Stream<Arguments> registrations() {
        return Stream.of(
                row(
                        "an unknown point",
                        "Hook.register('BeforeToolExecuton', print)",
                        "unknown_hook_point",
                        "no hook point is named \"BeforeToolExecuton\", did you mean BeforeToolExecution or"),
                row(
                        "an unknown point to explain",
                        "Hook.explain('BeforeToolExecuton')",
                        "unknown_hook_point",
                        "did you mean BeforeToolExecution"),
                row(
                        "an unknown point to list",
                        "Hook.list {point = 'BeforeToolExecuton'}",
                        "unknown_hook_point",
                        "did you mean BeforeToolExecution"),
                row(
                        "a name that is taken",
                        "for i = 1, 2 do Hook.register('BeforeToolExecution', print, {name = 'n'}) end",
                        "hook_exists",
                        "a hook named \"n\" exists at BeforeToolExecution already; choose another name or"),
                row(
                        "no point",
                        "Hook.register(nil, print)",
                        "invalid_argument",
                        "argument 1 (point) must be a text, but is nil"),
                row(
                        "no function",
                        "Hook.register('BeforeToolExecution', nil)",
                        "invalid_argument",
                        "argument 2 (fn) must be a function, but is nil"),
                row(
                        "a table without handler",
                        "Hook.register {point = 'ToolError'}",
                        "invalid_argument",
                        "option \"handler\" is missing"),
                row(
                        "no handle",
                        "Hook.unregister(nil)",
                        "invalid_argument",
                        "argument 1 (handle) must be the handle that Hook.register gave, but is nil"),
                row(
                        "no name of a built-in",
                        "Hook.enable_builtin(nil)",
                        "invalid_argument",
                        "argument 1 (name) must be a text, but is nil"),
                row(
                        "no custom point",
                        "Hook.fire(nil)",
                        "invalid_argument",
                        "argument 1 (custom point) must be a text, but is nil"),
                row(
                        "a negative timeout",
                        "Hook.register('ToolError', print, {timeout_ms = -5})",
                        "invalid_argument",
                        "option \"timeout_ms\" must be a number between 1 and 3600000, but is \"-5\""));
    }

    static Stream<Arguments> results() {
        return Stream.of(
                row(
                        "a result that the point cannot honour",
                        guard("AfterStateWrite", "return {type = 'replace', data = 1}", "State.set('k', 1)"),
                        "result_not_allowed",
                        "hook \"guard\" gave replace at AfterStateWrite"),
                row(
                        "a redirect to itself",
                        tool("return {type = 'redirect', target = 'calculator'}"),
                        "redirect_loop",
                        "redirects to calculator after tool_call/calculator; a target may come once"),
                row(
                        "a result of no kind",
                        tool("return {type = 'cancle'}"),
                        "invalid_hook_result",
                        "did you mean \"cancel\""),
                row(
                        "modified data that is cyclic",
                        tool("local t = {} t.a = {t} return {type = 'modified', data = t}"),
                        "hook_failed",
                        "value.data.a[0] cannot be converted: it contains itself (value_not_convertible)"),
                row(
                        "modified data that is too deep",
                        tool("local t = 1 for i = 1, 70 do t = {t} end return {type = 'modified', data = {input = t}}"),
                        "hook_failed",
                        "nested deeper than 64 levels (value_too_large)"),
                row(
                        "modified data that is too large",
                        tool("return {type = 'modified', data = {input = ('x'):rep(11 * 1024 * 1024)}}"),
                        "hook_failed",
                        "value.input is larger than 10485760 bytes of JSON (value_too_large)"),
                row(
                        "modified data of state that is too large",
                        guard(
                                "BeforeStateWrite",
                                "return {type = 'modified', data = ('x'):rep(1024 * 1024)}",
                                "State.set('k', 1)"),
                        "hook_failed",
                        "value is larger than 1048576 bytes of JSON (value_too_large)"),
                row(
                        "a function as data",
                        tool("return {type = 'modified', data = {input = print}}"),
                        "hook_failed",
                        "functions have no JSON form (value_not_convertible)"));
    }

    static Stream<Arguments> composites() {
        return Stream.of(
                row(
                        "a composite of no children",
                        "Hook.compose('sequential', {})",
                        "invalid_argument",
                        "children of a sequential composite is \"0\", but must be 1 or more"),
                row(
                        "a composite of nil",
                        "Hook.compose('sequential', nil)",
                        "invalid_argument",
                        "argument 2 (handlers) must be an array of functions, but is nil"),
                row(
                        "a threshold of 0",
                        voting("0"),
                        "invalid_argument",
                        "is \"0.0\", but must be more than 0, at most 1"),
                row("a threshold above 1", voting("1.01"), "invalid_argument", "\"1.01\", but must be more than 0, at"),
                row(
                        "a threshold below 0",
                        voting("-1"),
                        "invalid_argument",
                        "\"-1.0\", but must be more than 0, at most"),
                row("a threshold that is no number", voting("0/0"), "value_not_convertible", "nan is no JSON number"));
    }

    private static String voting(String threshold) {
        return "Hook.compose('voting', {function() end}, {threshold = " + threshold + "})";
    }

    private static String costs(String options) {
        return "Hook.enable_builtin('cost_tracking', {" + options + "})";
    }

    private static String rules(String rule) {
        return "Hook.enable_builtin('state_validation', {rules = {{" + rule + "}}})";
    }

    static Stream<Arguments> builtins() {
        return Stream.of(
                row(
                        "a schema that is none",
                        rules("keys = 'a', schema = {type = 'nmber'}"),
                        "invalid_config",
                        "hooks.state_validation.rules[0].schema: is "),
                row(
                        "a schema as text that is no JSON",
                        rules("schema = '{type}'"),
                        "invalid_config",
                        "must be a table, or a JSON object as text"),
                row("a rule that says nothing", rules("keys = 'a'"), "invalid_config", "unless the rule has max_bytes"),
                row(
                        "an unknown option of a rule",
                        rules("key = 'a', max_bytes = 5"),
                        "invalid_config",
                        "hooks.state_validation.rules[0].key: no such option, did you mean \"keys\"?"),
                row(
                        "a size beyond that of any value",
                        rules("max_bytes = '2MiB'"),
                        "invalid_config",
                        "hooks.state_validation.rules[0].max_bytes: is \"2MiB\""),
                row(
                        "a point where a hook of state has nothing to do",
                        "Hook.enable_builtin('state_audit', {points = {'AfterStateRead'}})",
                        "invalid_config",
                        "hooks.state_audit.points: is [AfterStateRead], but must be none but BeforeStateWrite"),
                row(
                        "a cache in front of reads of state",
                        "Hook.enable_builtin('caching', {points = {'BeforeStateRead'}})",
                        "invalid_config",
                        "[state] cache_size"),
                row(
                        "a value that does not fit its schema",
                        rules("keys = 'n', schema = {type = 'number'}") + " State.set('global', 'n', 'x')",
                        "operation_cancelled",
                        "the value of n in global, a text, does not fit the rule for n in *: $ must be a number"),
                row(
                        "figures of a hook that is not enabled",
                        "Hook.builtin_statistics('state_metrics')",
                        "invalid_state",
                        "it is not enabled; enable it first"),
                row(
                        "a negative budget",
                        costs("pricing = {['*'] = {input = 1, output = 1}}, alerts = {{threshold = -5}}"),
                        "invalid_config",
                        "hooks.cost_tracking.alerts[0].threshold: is -5, but must be a number from 0"),
                row(
                        "a negative price",
                        costs("pricing = {['*'] = {input = -1, output = 1}}"),
                        "invalid_config",
                        "hooks.cost_tracking.pricing.*.input: is -1, but must be a number from 0"),
                row(
                        "a negative rate",
                        "Hook.enable_builtin('rate_limit', {capacity = -1})",
                        "invalid_config",
                        "hooks.rate_limit.capacity: is -1, but must be an integer from 1"),
                row(
                        "a price table without the model",
                        costs("pricing = {['offline/ecko'] = {input = 1, output = 1}}, " + BUDGET) + AGENT,
                        "operation_cancelled",
                        "no price for model \"offline/echo\" (there are offline/ecko), did you mean \"offline/ecko\"?; add"
                                + " hooks.cost_tracking.pricing.\"offline/echo\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"registrations", "results", "composites", "builtins"})
    void statement_thatIsWrong_raisesItsCodeAndSaysWhatWouldBeRight(
            String what, String statement, String code, String text) {
        try (Scripts scripts = Scripts.open()) {
            Object raised = scripts.run(
                    "local ok, e = pcall(function() " + statement + " end)",
                    "return ok and 'nothing was wrong' or e.code .. ': ' .. e.message");

            assertThat(raised).as(what).asString().startsWith(code + ": ").contains(text);
        }
    }
}
