package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad input: one clear message on standard error, a documented exit code, no Java stack, nothing lost. */
class BadInputIT {
    /** One of each way to end; the others need none. */
    private static final Set<String> OWN_PROCESS =
            Set.of("an unknown option", "a runtime error: message and Lua stack", "a limit of instructions", "os.exit");

    @RegisterExtension
    static final ServedRunner SERVED = new ServedRunner();

    private final Path folder = SERVED.folder();

    static Stream<Arguments> badInputs() {
        return Stream.of(
                row("a missing file", "", 2, "there is no file \"gone.lua\"", "run", "gone.lua"),
                row("a directory", "", 2, "\"a folder\" is a folder; name a script file in it", "run", "a folder"),
                row(
                        "a syntax error: file, line, column, the line itself",
                        "local a = 1\nlocal b = = 2\n",
                        1,
                        "bad.lua:2: unexpected symbol near '=' \\[syntax_error\\]\n +2 \\| local b = = 2\n +\\| +\\^",
                        "run",
                        "bad.lua"),
                row(
                        "a runtime error: message and Lua stack",
                        "local function inner() error('broken') end\nlocal function outer() inner() end\nouter()\n",
                        1,
                        "bad.lua:1: broken \\[script_error\\]\n(.*\n)* +at bad.lua:1: in .*inner.*\n"
                                + " +at bad.lua:2: in .*outer.*\n +at bad.lua:3: in main chunk",
                        "run",
                        "bad.lua"),
                row(
                        "a coded error that the script does not catch",
                        "Tool.invoke('calculater', {})\n",
                        1,
                        "bad.lua:1: no tool is named \"calculater\".*calculator.*\\[tool_not_found\\]",
                        "run",
                        "bad.lua"),
                row("an unknown option", "", 2, "unknown option \"--data-dri\".*--data-dir", "run", "--data-dri", "x"),
                row("an unknown command", "", 2, "unknown command or argument \"rnu\".*\"run\"", "rnu", "bad.lua"),
                row("an option without its value", "", 2, "--timeout", "exec", "--timeout"),
                row(
                        "a bad time",
                        "",
                        2,
                        "--timeout is \"soon\", but must be a time such as",
                        "exec",
                        "--timeout",
                        "soon",
                        "x=1"),
                row(
                        "a limit of instructions",
                        "while true do end\n",
                        124,
                        "max_instructions = 100000.*\\[limit_exceeded\\]",
                        "run",
                        "--max-instructions",
                        "100000",
                        "bad.lua"),
                row(
                        "a limit of time, also against pcall",
                        "while true do pcall(function() while true do end end) end\n",
                        124,
                        "timeout = 300 ms.*\\[limit_exceeded\\]",
                        "run",
                        "--timeout",
                        "300ms",
                        "bad.lua"),
                row("os.exit", "os.exit(42)\n", 42, "", "run", "bad.lua"),
                row(
                        "events of a folder without a store: nothing is made",
                        "",
                        3,
                        "there is no store at .*nowhere: the folder does not exist; check the path"
                                + ".*\\[store_not_found\\]",
                        "events",
                        "stats",
                        "--data-dir",
                        "nowhere"),
                row(
                        "a number that is none",
                        "",
                        2,
                        "--limit.*\"x\" is not a whole number, such as 100",
                        "events",
                        "query",
                        "--limit",
                        "x"));
    }

    /** What scripts give wrongly to hooks; every such error ends the script with exit code 1. */
    static Stream<Arguments> badHooks() {
        return Stream.of(
                hook(
                        "an unknown point",
                        "Hook.register('BeforeToolExecuton', print)",
                        "no hook point is named \"BeforeToolExecuton\", did you mean BeforeToolExecution or"
                                + ".*\\[unknown_hook_point\\]"),
                hook(
                        "a name that is taken",
                        "for i = 1, 2 do Hook.register('BeforeToolExecution', print, {name = 'n'}) end",
                        "a hook named \"n\" exists at BeforeToolExecution already; choose.*\\[hook_exists\\]"),
                hook(
                        "nil for a function",
                        "Hook.register('BeforeToolExecution', nil)",
                        "argument 2 \\(fn\\) must be a function, but is nil.*\\[invalid_argument\\]"),
                hook(
                        "nil for a point",
                        "Hook.register(nil, print)",
                        "argument 1 \\(point\\) must be a text, but is nil.*\\[invalid_argument\\]"),
                hook(
                        "a result that the point cannot honour",
                        guard("AfterStateWrite", "{type = 'replace', data = 1}", "State.set('k', 1)"),
                        "hook \"guard\" gave replace at AfterStateWrite.*\\[result_not_allowed\\]"),
                hook(
                        "a composite of no children",
                        "Hook.compose('sequential', {})",
                        "children of a sequential composite is \"0\", but must be 1 or more.*\\[invalid_argument\\]"),
                hook(
                        "a threshold of 0",
                        "Hook.compose('voting', {print}, {threshold = 0})",
                        "threshold of voting is \"0.0\", but must be more than 0, at most 1.*\\[invalid_argument\\]"),
                hook(
                        "a threshold above 1",
                        "Hook.compose('voting', {print}, {threshold = 1.5})",
                        "threshold of voting is \"1.5\", but must be more than 0, at most 1.*\\[invalid_argument\\]"),
                hook(
                        "a negative budget",
                        "Hook.enable_builtin('cost_tracking', {alerts = {{threshold = -5}}})",
                        "hooks.cost_tracking.alerts\\[0\\].threshold: is -5, but must be a number from 0"
                                + ".*\\[invalid_config\\]"),
                hook(
                        "a price table without the model",
                        "Hook.enable_builtin('cost_tracking', {pricing = {['offline/ecko'] = {input = 1, output = 1}},"
                                + " alerts = {{threshold = 5, block = true}}})\n"
                                + "Agent.create({name = 'a', model = 'offline/echo'}):invoke('hi')",
                        "no price for model \"offline/echo\" \\(there are offline/ecko\\), did you mean \"offline/ecko\"\\?"
                                + ".*\\[operation_cancelled\\]"),
                hook(
                        "modified data that is cyclic",
                        "local t = {} t.a = {t}\n"
                                + guard(
                                        "BeforeToolExecution",
                                        "{type = 'modified', data = t}",
                                        "Tool.calculator {input = '1'}"),
                        "value.data.a\\[0\\] cannot be converted: it contains itself"
                                + " \\(value_not_convertible\\).*\\[hook_failed\\]"),
                hook(
                        "modified data that is too large",
                        guard(
                                "BeforeToolExecution",
                                "{type = 'modified', data = {input = ('x'):rep(11 * 1024 * 1024)}}",
                                "Tool.calculator {input = '1'}"),
                        "value.input is larger than 10485760 bytes of JSON \\(value_too_large\\).*\\[hook_failed\\]"));
    }

    private static Arguments hook(String name, String script, String text) {
        return row(name, script + "\nprint('nothing was wrong')\n", 1, "bad.lua:\\d+: .*" + text, "run", "bad.lua");
    }

    private static String guard(String point, String result, String operation) {
        return "Hook.register('" + point + "', function() return " + result
                + " end, {name = 'guard', on_error = 'refuse', timeout_ms = 20000})\n" + operation;
    }

    private static Arguments row(String name, String script, int exit, String text, String... arguments) {
        return Arguments.of(name, script, exit, text, List.of(arguments));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"badInputs", "badHooks"})
    void runner_badInput_saysWhatIsWrong(String name, String script, int exit, String text, List<String> arguments)
            throws IOException {
        Files.createDirectories(folder.resolve("a folder"));
        Files.writeString(folder.resolve("bad.lua"), script);

        String[] line = arguments.toArray(String[]::new);
        Runner.Result result = OWN_PROCESS.contains(name) ? Runner.in(folder).run(line) : SERVED.run(line);

        assertThat(result.exit()).as(result.err()).isEqualTo(exit);
        assertThat(result.err()).containsPattern(text).doesNotContain("Exception", "\tat ", "at java.", "at io.");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void runner_lockedFolder_namesThePidOfTheOther() throws IOException {
        Process holder = Runner.in(Files.createDirectory(folder.resolve("holder")))
                .start(
                        "run",
                        "--data-dir",
                        folder.resolve("store").toString(),
                        script("print(State.increment('n'))\nio.write('held\\n')\nEvent.run(600)\n"));
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("1");
            assertThat(out.readLine()).isEqualTo("held");

            Runner.Result second = Runner.in(folder)
                    .run("exec", "--data-dir", folder.resolve("store").toString(), "print(1)");

            assertThat(second.exit()).isEqualTo(3);
            assertThat(second.err()).contains("[store_locked]").contains(String.valueOf(pidOfJava(holder))).hasLineCount(1);
        } finally {
            holder.toHandle().destroyForcibly(); // the launcher becomes the JVM
            holder.onExit().join();
        }
    }

    /** The launcher becomes the JVM by exec, so both have one pid. */
    private static long pidOfJava(Process holder) {
        return holder.pid();
    }

    @Test
    void runner_folderThatCannotBeMade_isAnErrorOfTheEnvironment() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        Runner.Result below =
                SERVED.run("exec", "--data-dir", file.resolve("store").toString(), "print(1)");
        Runner.Result itself = Runner.in(folder).run("exec", "--data-dir", file.toString(), "print(1)");

        assertThat(below.exit()).as(below.err()).isEqualTo(3);
        assertThat(below.err()).containsPattern("\\[store_[a-z_]+\\]").doesNotContain("\tat ");
        assertThat(itself.exit()).as(itself.err()).isEqualTo(3);
        assertThat(itself.err())
                .containsPattern("\\[store_[a-z_]+\\]")
                .contains(file.toString() + " is a file")
                .doesNotContain("createIfMissing");
    }

    @Test
    void runner_corruptStore_refusesByNameAndLosesNothing() throws IOException {
        Path store = folder.resolve("store");
        assertThat(SERVED.run("exec", "--data-dir", store.toString(), "State.set('k', 'kept')")
                        .exit())
                .isZero();
        Path pointer = store.resolve("CURRENT");
        byte[] good = Files.readAllBytes(pointer);
        Files.writeString(pointer, "generations/nonsense");

        Runner.Result refused = Runner.in(folder).run("exec", "--data-dir", store.toString(), "print(State.get('k'))");
        Files.write(pointer, good);
        Runner.Result mended = SERVED.run("exec", "--data-dir", store.toString(), "print(State.get('k'))");

        assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
        assertThat(refused.err())
                .contains("[store_corrupt]")
                .contains("CURRENT")
                .doesNotContain("\tat ");
        assertThat(mended.out()).isEqualTo("kept\n");
    }

    private String script(String text) throws IOException {
        return Files.writeString(folder.resolve("script.lua"), text).toString();
    }
}
